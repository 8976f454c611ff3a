//! The API as the outside sees it, on both engines.

mod approvals;
mod board;
mod customers;
mod evidence;
mod field;
mod forms;
mod frequency;
mod hostile;
mod ledger;
mod nodes;
mod objects;
mod openrosa;
mod orders;
mod org;
mod proxy;
mod restore;
mod scene;
mod statements;
mod territory;
mod travel;
mod truth;
mod walker;
mod work;
mod xlsform;

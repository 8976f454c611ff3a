//! The API as the outside sees it, on both engines.

mod customers;
mod evidence;
mod field;
mod ledger;
mod org;
mod scene;
mod statements;
mod walker;
mod work;

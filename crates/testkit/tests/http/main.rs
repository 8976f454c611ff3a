//! The API as the outside sees it, on both engines.

mod customers;
mod evidence;
mod field;
mod org;
mod statements;
mod scene;
mod walker;
mod work;

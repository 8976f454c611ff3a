//! The web apps inside the program. In a debug build the files are read from disk, so that a rebuilt page shows without
//! a rebuilt server.

use rust_embed::RustEmbed;
use tashi::web::Pages;

#[derive(RustEmbed)]
#[folder = "../../web/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(RustEmbed)]
#[folder = "../../web/field/dist"]
#[allow_missing = true]
struct Field;

pub const PAGES: Pages = Pages { console: |name| Console::get(name), field: |name| Field::get(name) };

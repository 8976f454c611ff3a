//! Pictures as pixels: what may come in, and the two copies made of it. Pure, slow and memory-hungry: run it in
//! a bounded pool, never in a request. What else may come in as a file is told by its bytes too ([`document`]).

mod bare;
mod canvas;
pub mod document;
mod inspect;
mod likeness;
mod stamp;

pub use bare::without_metadata;
pub use inspect::{Header, Kind, MAX_BYTES, MAX_PIXELS, Unfit, inspect};
pub use likeness::{Likeness, Look, Print};
pub use stamp::{Copies, Stamp, develop};

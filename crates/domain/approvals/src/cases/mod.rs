//! Cases: handed in, asked, decided.

mod act;
mod http;
mod model;
mod read;
mod run;
mod shown;
pub(crate) mod sql;
mod submit;
mod tell;

pub(crate) use http::routes;
pub use run::Outcome;
pub(crate) use run::{asking, due, hand_on, left, waiting};
pub use shown::{forget, note};
pub(crate) use sql::check_seen;
pub use submit::{
    Line, Matter, Standing, close, hand_in, hand_in_or_head, may_hand_in_again, standing, withdraw,
};

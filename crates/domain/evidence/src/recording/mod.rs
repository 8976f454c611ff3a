//! Recordings of sound whose bytes and record are both here.

mod container;
mod http;
mod service;

pub(crate) use container::{Container, sniff};
pub(crate) use http::routes;
pub(crate) use service::{check_record, link};

//! The server put together: which parts there are, in which order, and how requests reach them.

pub mod app;
pub mod bench;
pub mod cli;
mod company;
pub mod demo;
mod document;
mod export;
mod limit;
mod linger;
pub mod listener;
mod maps;
mod phone;
mod policy;
mod proof_cli;
pub mod proxy;
pub mod serve;
mod solve;
mod statement;
mod tls;
mod verifier;
pub mod web;

//! `tashi`: server, console, phone app and tools in one binary. See `tashi --help`.

mod pages;

use std::process::ExitCode;

use clap::Parser;

// Many small pieces that one thread makes and another frees: the C library's allocator keeps three times the memory of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<ExitCode> {
    tashi::cli::Cli::parse().run(pages::PAGES)
}

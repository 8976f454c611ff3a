//! `tashi`: server, console, phone app and tools in one binary. See `tashi --help`.

use clap::Parser;

fn main() -> anyhow::Result<()> {
    tashi::cli::Cli::parse().run()
}

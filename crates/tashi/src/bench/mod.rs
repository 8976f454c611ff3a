//! `tashi bench`: figures of this build on this machine, each beside its yardstick in the same run.

mod day;
mod dispatch;
mod ingest;
mod load;
mod place;
mod playback;

use std::path::PathBuf;

use anyhow::Result;

/// What to measure.
#[derive(clap::Subcommand)]
pub enum Bench {
    /// Positions: durable requests beside a bare hyper server, room on disk, playback of a day.
    Ingest(Ingest),
    /// Who of many people could go to an urgent request, through the store and the API.
    Dispatch(Dispatch),
}

/// How to measure who could go.
#[derive(clap::Args)]
pub struct Dispatch {
    #[arg(long, default_value_t = 1_000)]
    pub people: usize,
    /// Folder for the store, made and removed.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// An empty PostgreSQL database instead of the embedded store.
    #[arg(long)]
    pub database_url: Option<String>,
}

/// How to measure positions.
#[derive(clap::Args)]
pub struct Ingest {
    /// Connections of the load generator, which runs beside the server on the same cores.
    #[arg(long, value_delimiter = ',', default_value = "64,256,1024")]
    pub connections: Vec<usize>,
    /// Length of each measurement.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// Folder for the store, made and removed; on the disk that is to be measured.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// An empty PostgreSQL database instead of the embedded store.
    #[arg(long)]
    pub database_url: Option<String>,
}

/// Measures and prints.
///
/// # Errors
/// When the store cannot be opened, or anything is answered other than it should be.
pub async fn run(bench: Bench) -> Result<()> {
    match bench {
        Bench::Ingest(options) => ingest::run(options).await,
        Bench::Dispatch(options) => dispatch::run(options).await,
    }
}

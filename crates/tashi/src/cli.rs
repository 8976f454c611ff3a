//! The command line.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use crate::{app, demo, serve};

/// 踏实外勤 — plan the day, know that the work happened, pay for kilometres really driven.
#[derive(Parser)]
#[command(name = "tashi", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server in the foreground; SIGTERM stops it cleanly.
    Serve(serve::Options),
    /// Copy the embedded store to a new folder while the server runs.
    Backup {
        #[arg(long)]
        data: PathBuf,
        /// New folder for the backup.
        #[arg(long)]
        to: PathBuf,
    },
    /// Check a backup and write it to a new data folder.
    Restore {
        #[arg(long)]
        from: PathBuf,
        #[arg(long)]
        data: PathBuf,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print the story day all is tested with: five customers, 38 km, a basement, and the drive home.
    Story {
        #[arg(long)]
        day: base::LocalDay,
    },
}

impl Cli {
    /// Runs the chosen command to its end.
    pub fn run(self) -> Result<()> {
        match self.command {
            Command::Serve(options) => runtime()?.block_on(serve::run(options)),
            Command::Backup { data, to } => {
                let files = runtime()?.block_on(db::backup(&data, &to)).map_err(explain)?;
                println!("{files} files backed up to {}", to.display());
                Ok(())
            }
            Command::Restore { from, data } => {
                let files = runtime()?.block_on(db::restore(&from, &data)).map_err(explain)?;
                println!("{files} files checked and restored to {}", data.display());
                Ok(())
            }
            Command::Story { day } => {
                println!("{}", demo::story(day)?);
                Ok(())
            }
            Command::Openapi => {
                let document = runtime()?.block_on(app::document())?;
                println!("{}", serde_json::to_string_pretty(&document).context("OpenAPI document")?);
                Ok(())
            }
        }
    }
}

/// A problem for the terminal, with its cause.
pub(crate) fn explain(problem: base::Problem) -> anyhow::Error {
    anyhow::anyhow!("{}", problem.source.as_deref().unwrap_or(problem.code.en_detail))
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    let built = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match built {
        Ok(runtime) => Ok(runtime),
        Err(e) => bail!("cannot start: {e}"),
    }
}

//! `tashi export`: what the store holds, as files for other programs.

use std::{fs::File, io::Write, path::PathBuf};

use anyhow::{Context, Result, bail};
use base::{LocalDay, time::SystemClock};
use clap::Subcommand;
use db::{Database, Scope};
use tracking::Export;
use uuid::Uuid;

use crate::cli::explain;

#[derive(Subcommand)]
pub enum ExportCommand {
    /// All positions of a company and day as Parquet (docs/parquet.md). Stands in the ledger of everybody in it.
    Parquet(ParquetOptions),
}

/// Which store, whose positions, where to.
#[derive(clap::Args)]
pub struct ParquetOptions {
    /// Folder of the store.
    #[arg(long, env = "TASHI_DATA", default_value = "data")]
    data: PathBuf,
    /// postgres://user:password@host/database instead of the embedded store.
    #[arg(long, env = "TASHI_DATABASE_URL")]
    database_url: Option<String>,
    /// Id or name of the company.
    #[arg(long)]
    company: String,
    /// Its local day, as 2026-11-20.
    #[arg(long)]
    day: LocalDay,
    /// File to write.
    #[arg(long)]
    out: PathBuf,
}

/// Runs the command; the server may be running.
///
/// # Errors
/// When there is no such store or company, or the file cannot be written; then there is none.
pub async fn run(command: ExportCommand) -> Result<()> {
    let ExportCommand::Parquet(options) = command;
    let clock = std::sync::Arc::new(SystemClock);
    let database = match &options.database_url {
        Some(url) => Database::open_postgres(url, clock, 2).await,
        None if !options.data.join("tashi.db").exists() => {
            bail!("there is no store in {}", options.data.display())
        }
        None => Database::open_sqlite(&options.data, clock, 1).await,
    };
    let database = database.map_err(explain)?;
    let done = parquet(&database, &options).await;
    database.close().await;
    done
}

async fn parquet(database: &Database, options: &ParquetOptions) -> Result<()> {
    let tenant = company(database, &options.company).await?;
    let mut export = Export::begin_on_server(database, tenant, options.day).await.map_err(explain)?;
    // Under its name it is whole.
    let part = options.out.with_added_extension("part");
    let written = async {
        let mut file = File::create(&part)?;
        let mut bytes = 0;
        while let Some(next) = export.next().await.map_err(explain)? {
            file.write_all(&next)?;
            bytes += next.len();
        }
        file.sync_all()?;
        std::fs::rename(&part, &options.out)?;
        Ok::<usize, anyhow::Error>(bytes)
    };
    match written.await {
        Ok(bytes) => {
            println!("{}: {} people, {bytes} bytes", options.out.display(), export.people());
            Ok(())
        }
        Err(e) => {
            let _ = std::fs::remove_file(&part);
            Err(e).with_context(|| format!("writing {}", options.out.display()))
        }
    }
}

/// A company by its id or its whole name.
async fn company(database: &Database, named: &str) -> Result<Uuid> {
    let mut found = vec![];
    for tenant in database.companies().await.map_err(explain)? {
        let mut reader = database.read(&Scope::job("export", tenant)).await.map_err(explain)?;
        let name = org::company(&mut reader).await.map_err(explain)?.name;
        if tenant.to_string() == named || name == named {
            found.push(tenant);
        }
    }
    match found[..] {
        [one] => Ok(one),
        [] => bail!("there is no company {named} on this store"),
        _ => bail!("several companies are called {named}: give the id"),
    }
}

//! `tashi company add`: a further company on the same store. The first one is founded in the browser.

use std::{io::BufRead, path::PathBuf};

use anyhow::{Context, Result, bail};
use api::PasswordCost;
use base::time::SystemClock;
use db::Database;

use crate::cli::explain;

/// Which store, and what the wizard asks otherwise.
#[derive(clap::Args)]
pub struct Options {
    /// Folder of the store.
    #[arg(long, env = "TASHI_DATA", default_value = "data")]
    data: PathBuf,
    /// postgres://user:password@host/database instead of the embedded store.
    #[arg(long, env = "TASHI_DATABASE_URL")]
    database_url: Option<String>,
    /// Name of the company.
    #[arg(long)]
    name: String,
    /// IANA zone of its days and working hours.
    #[arg(long, default_value = "Asia/Shanghai")]
    time_zone: String,
    /// Name of its first administrator.
    #[arg(long)]
    admin_name: String,
    /// Login of the administrator. The password is the first line of standard input, so that no list of processes shows it.
    #[arg(long)]
    login: String,
}

/// Founds the company; the server may be running.
///
/// # Errors
/// When the store cannot be opened, the login is taken, or an answer of the wizard would be refused.
pub async fn add(options: Options) -> Result<()> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("reading the password")?;
    let clock = std::sync::Arc::new(SystemClock);
    let database = match &options.database_url {
        Some(url) => Database::open_postgres(url, clock, db::CONNECTIONS).await,
        // A new folder would be a new store that no server knows.
        None if !options.data.join("tashi.db").exists() => {
            bail!("there is no store in {}", options.data.display())
        }
        None => Database::open_sqlite(&options.data, clock, db::READERS).await,
    };
    let database = database.map_err(explain)?;
    let new = org::NewCompany {
        company: options.name.clone(),
        time_zone: options.time_zone,
        admin_name: options.admin_name,
        login: options.login.clone(),
        password: password.trim_end_matches(['\r', '\n']).to_owned(),
        goal: "truth".into(),
    };
    let founded = org::create_company(&database, new, PasswordCost::Full, false, false).await;
    database.close().await;
    let tenant = founded.map_err(refused)?.tenant;
    println!("{tenant} {} · {}", options.name, options.login);
    Ok(())
}

/// The problem with the fields it names.
fn refused(problem: base::Problem) -> anyhow::Error {
    let fields: Vec<&str> = problem.fields.iter().map(|f| f.field.as_str()).collect();
    let words = problem.detail(base::problem::Lang::En);
    if fields.is_empty() {
        anyhow::anyhow!("{words}")
    } else {
        anyhow::anyhow!("{words} ({})", fields.join(", "))
    }
}

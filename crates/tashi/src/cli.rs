//! The command line.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};

use crate::{
    app, bench, company, demo, document, export, maps, proof_cli, serve, solve, statement, web::Pages,
};

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
    Serve(Box<serve::Options>),
    /// Copy the store and its objects to a new folder while the server runs.
    Backup {
        /// Folder of the store.
        #[arg(long)]
        data: PathBuf,
        /// postgres://user:password@host/database instead of the embedded store.
        #[arg(long, env = "TASHI_DATABASE_URL")]
        database_url: Option<String>,
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
        /// An empty PostgreSQL database instead of the embedded store.
        #[arg(long, env = "TASHI_DATABASE_URL")]
        database_url: Option<String>,
    },
    /// Companies on this store.
    #[command(subcommand)]
    Company(CompanyCommand),
    /// Tracks from the command line.
    #[command(subcommand)]
    Track(TrackCommand),
    /// Routes from the command line.
    #[command(subcommand)]
    Route(RouteCommand),
    /// Road maps of your own.
    #[command(subcommand)]
    Map(maps::MapCommand),
    /// Check evidence offline: no server, no database, no network.
    #[command(subcommand)]
    Proof(proof_cli::ProofCommand),
    /// Measure this build on this machine.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Files for other programs.
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Findings about days and visits from the command line.
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Print the OpenAPI document.
    Openapi,
    /// Print all problem codes as the page of the documentation.
    #[command(hide = true)]
    Errors,
    /// Print the story day all is tested with: five customers, 38 km, a basement, and the drive home.
    Story {
        #[arg(long)]
        day: base::LocalDay,
    },
}

#[derive(Subcommand)]
enum CompanyCommand {
    /// Found a further company; the password of its administrator is read from standard input.
    Add(company::Options),
}

#[derive(Subcommand)]
enum TrackCommand {
    /// Compute the day of a CSV (plain or gzip): columns t or ts, lat, lon, optional acc, speed, bearing, alt.
    Day {
        file: PathBuf,
        /// Print JSON (also the default).
        #[arg(long)]
        json: bool,
    },
    /// Make a month's mileage statement again from its export: the same bytes as the server gives.
    Statement {
        /// The export (JSON), as downloaded.
        export: PathBuf,
        #[arg(long, value_enum, default_value_t = statement::Form::Json)]
        format: statement::Form,
        /// Language of CSV and PDF.
        #[arg(long, value_enum, default_value_t = statement::Words::Zh)]
        lang: statement::Words,
        /// Write to this file instead of the terminal.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum RouteCommand {
    /// Solve a VROOM JSON problem and print the VROOM answer.
    ///
    /// What cannot be solved is answered as VROOM answers it: `{"code":…,"error":"…"}` on standard output and the same code as exit
    /// code, 1 for a fault of this program, 2 for the input.
    Solve(solve::Options),
    /// Print times and distances between all points, like OSRM's table.
    Matrix(maps::MatrixOptions),
    /// Print one way with its line.
    Path(maps::PathOptions),
}

#[derive(Subcommand)]
enum TrustCommand {
    /// Judge person-days and visits: reads points.csv and, where present, visits.csv, customers.csv and events.csv.
    Score {
        dir: PathBuf,
        /// Writes case,score,findings here.
        #[arg(long)]
        days: PathBuf,
        /// Writes visit,score,findings here.
        #[arg(long)]
        visits: Option<PathBuf>,
    },
}

impl Cli {
    /// Runs the chosen command to its end; a server shows these pages. Answers what the process exits with.
    ///
    /// # Errors
    /// What kept the command from being done.
    pub fn run(self, pages: Pages) -> Result<ExitCode> {
        let done = match self.command {
            Command::Serve(options) => runtime()?.block_on(serve::run(*options, pages)),
            Command::Backup { data, database_url, to } => {
                let files = runtime()?.block_on(async {
                    match &database_url {
                        Some(url) => db::backup_postgres(url, &data, &to).await,
                        None => db::backup(&data, &to).await,
                    }
                });
                let files = files.map_err(explain)?;
                println!("{files} files backed up to {}", to.display());
                Ok(())
            }
            Command::Restore { from, data, database_url } => {
                let files = runtime()?.block_on(async {
                    match &database_url {
                        Some(url) => db::restore_postgres(url, &from, &data).await,
                        None => db::restore(&from, &data).await,
                    }
                });
                let files = files.map_err(explain)?;
                println!("{files} files checked and restored to {}", data.display());
                Ok(())
            }
            Command::Company(CompanyCommand::Add(options)) => runtime()?.block_on(company::add(options)),
            Command::Export(command) => runtime()?.block_on(export::run(command)),
            Command::Track(TrackCommand::Day { file, json: _ }) => {
                let reader =
                    std::fs::File::open(&file).with_context(|| format!("reading {}", file.display()))?;
                let report = track::day_from_csv(std::io::BufReader::new(reader))?;
                println!("{}", serde_json::to_string(&report)?);
                Ok(())
            }
            Command::Track(TrackCommand::Statement { export, format, lang, out }) => {
                statement::make(&export, format, lang, out.as_deref())
            }
            Command::Route(RouteCommand::Solve(options)) => return Ok(solve::run(&options)),
            Command::Route(RouteCommand::Matrix(options)) => options.run(),
            Command::Route(RouteCommand::Path(options)) => options.run(),
            Command::Map(command) => command.run(),
            Command::Proof(command) => proof_cli::run(command),
            Command::Bench(what) => runtime()?.block_on(bench::run(what)),
            Command::Trust(TrustCommand::Score { dir, days, visits }) => {
                trust_score(&dir, &days, visits.as_deref())
            }
            Command::Story { day } => {
                println!("{}", demo::story(day)?);
                Ok(())
            }
            Command::Errors => {
                print!("{}", document::errors());
                Ok(())
            }
            Command::Openapi => {
                let document = runtime()?.block_on(app::document())?;
                println!("{}", serde_json::to_string_pretty(&document).context("OpenAPI document")?);
                Ok(())
            }
        };
        done.map(|()| ExitCode::SUCCESS)
    }
}

/// Reads the tables of a folder, judges them together and writes one row for each person-day and each visit.
fn trust_score(dir: &Path, days: &Path, visits: Option<&Path>) -> Result<()> {
    let open = |name: &str| {
        let path = dir.join(name);
        let file = File::open(&path).with_context(|| format!("reading {}", path.display()))?;
        Ok::<_, anyhow::Error>(BufReader::with_capacity(1 << 20, file))
    };
    let there = |name: &str| dir.join(name).exists();
    let (mut company, mut names) = (trust::Company::default(), trust::Names::default());
    trust::read_points(open("points.csv")?, &mut company, &mut names)?;
    if there("customers.csv") {
        trust::read_customers(open("customers.csv")?, &mut company, &mut names)?;
    }
    if there("visits.csv") {
        trust::read_visits(open("visits.csv")?, &mut company, &mut names)?;
    }
    if there("events.csv") {
        trust::read_events(open("events.csv")?, &mut company, &mut names)?;
    }
    let judged = trust::judge(&company);
    let create = |path: &Path| File::create(path).with_context(|| format!("writing {}", path.display()));
    let day_rows = company.cases.iter().map(|c| c.id.as_str()).zip(&judged.days);
    trust::write_rows(create(days)?, "case", day_rows)?;
    if let Some(path) = visits {
        let rows = company.claims.iter().map(|c| c.id.as_str()).zip(&judged.visits);
        trust::write_rows(create(path)?, "visit", rows)?;
    }
    Ok(())
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

//! `tashi track statement`: a mileage statement made again from its export, without a server.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, Result};
use base::problem::Lang;
use clap::ValueEnum;

/// In which form it is written.
#[derive(Clone, Copy, ValueEnum)]
pub enum Form {
    Json,
    Csv,
    Pdf,
}

/// Language of the words in it.
#[derive(Clone, Copy, ValueEnum)]
pub enum Words {
    Zh,
    En,
}

/// Reads the export and writes the statement, byte for byte what the server gives.
///
/// # Errors
/// When the file cannot be read or is no export.
pub fn make(export: &Path, form: Form, words: Words, out: Option<&Path>) -> Result<()> {
    let text = fs::read(export).with_context(|| format!("reading {}", export.display()))?;
    let made = track::statement::statement(track::statement::Export::from_json(&text)?)?;
    let lang = match words {
        Words::Zh => Lang::Zh,
        Words::En => Lang::En,
    };
    let bytes = match form {
        Form::Json => made.json(),
        Form::Csv => track::statement::csv(&made, lang),
        Form::Pdf => paper::statement(&made, lang)?,
    };
    match out {
        Some(file) => fs::write(file, bytes).with_context(|| format!("writing {}", file.display())),
        None => std::io::stdout().write_all(&bytes).context("writing"),
    }
}

//! `tashi proof`: checking evidence without a server, a database or a network.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use proof::{Archive, Outcome, Trust};

#[derive(Subcommand)]
pub enum ProofCommand {
    /// Verify a bundle (a file, or the folder it was unpacked to); exit 0 only when everything holds.
    Verify {
        bundle: PathBuf,
        /// A signed checkpoint, or an earlier bundle of the same company, that was kept outside of it.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
    },
}

/// Runs the command to its end.
///
/// # Errors
/// When something does not hold (it is named) or cannot be read.
pub fn run(command: ProofCommand) -> Result<()> {
    let ProofCommand::Verify { bundle, checkpoint } = command;
    let outside = match &checkpoint {
        Some(file) => Some(std::fs::read(file).with_context(|| format!("reading {}", file.display()))?),
        None => None,
    };
    let found = if bundle.is_dir() {
        proof::verify_archive(&Archive::from_folder(folder(&bundle, &bundle)?), outside.as_deref())
    } else {
        let bytes = std::fs::read(&bundle).with_context(|| format!("reading {}", bundle.display()))?;
        proof::verify(&bytes, outside.as_deref())
    };
    match found {
        Ok(outcome) => {
            print!("{}", report(&outcome));
            Ok(())
        }
        Err(fault) => bail!("不成立 does not hold: {fault}"),
    }
}

/// All files below a folder, with their names relative to `root`.
fn folder(root: &Path, at: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = vec![];
    for entry in std::fs::read_dir(at).with_context(|| format!("reading {}", at.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(folder(root, &path)?);
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.push((name, std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?));
        }
    }
    files.sort();
    Ok(files)
}

fn report(found: &Outcome) -> String {
    let m = &found.manifest;
    let mut text = format!(
        "成立 holds: {} {}\n  log {} with {} entries; made {}\n  {} entries here, {} with their record; {} originals\n  \
         key fingerprint {}\n",
        m.kind,
        m.subject,
        m.origin,
        m.size,
        m.made,
        m.entries.len(),
        found.open,
        found.originals,
        found.key.fingerprint()
    );
    text += &match found.trust {
        Trust::SelfConsistent => "  自洽：仅按包内公钥核对；制作者也可能自造公钥。请用自己留存的检查点再核对（--checkpoint）。\n  \
            Self-consistent only: checked with the key inside, which whoever made the bundle may have made too. Compare the\n  \
            fingerprint with the company's, or verify again with a checkpoint you kept: --checkpoint FILE.\n"
            .to_owned(),
        Trust::Outside { size } => format!(
            "  外部检查点一致：日志自第 {size} 条检查点以来只增未改。\n  Agrees with the checkpoint from outside: the first {size} entries are the ones it was signed for.\n"
        ),
    };
    text
}

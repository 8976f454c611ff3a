//! `tashi route solve`: VROOM's JSON in and out, its errors and exit codes included, so that a script that calls VROOM can call this.

use std::{path::PathBuf, process::ExitCode};

use base::{Problem, problem::Lang};
use clap::Args;
use serde_json::json;

/// VROOM's codes: a fault of the program, and one of the input.
const INTERNAL: u8 = 1;
const INPUT: u8 = 2;

/// What is solved, and how long for.
#[derive(Args)]
pub struct Options {
    file: PathBuf,
    /// Ends the search after so much CPU time. What is found then depends on how fast the machine is.
    #[arg(long, default_value_t = 1.0)]
    cpu_seconds: f64,
    /// Ends the search after so many steps instead: the same problem, seed and steps give the same bytes anywhere.
    #[arg(long, conflicts_with = "cpu_seconds", value_parser = clap::value_parser!(u64).range(1..))]
    steps: Option<u64>,
    #[arg(long, default_value_t = 1)]
    threads: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Prints the answer, or what is wrong; the exit code says which.
pub fn run(options: &Options) -> ExitCode {
    match answer(options) {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err((code, error)) => {
            eprintln!("[Error] {error}");
            println!("{}", json!({ "code": code, "error": error }));
            ExitCode::from(code)
        }
    }
}

fn answer(options: &Options) -> Result<String, (u8, String)> {
    let file = &options.file;
    let input =
        std::fs::read_to_string(file).map_err(|e| (INPUT, format!("cannot read {}: {e}", file.display())))?;
    let effort = match options.steps {
        Some(steps) => route::model::Effort::Steps(steps),
        None => route::model::Effort::Clock { now: &cpu_seconds, seconds: options.cpu_seconds },
    };
    let how = route::model::Options { effort, threads: options.threads.max(1), seed: options.seed };
    route::vroom::solve_json(&input, &how).map_err(told)
}

fn told(problem: Problem) -> (u8, String) {
    let code = if problem.code.status < 500 { INPUT } else { INTERNAL };
    (code, problem.detail(Lang::En))
}

/// Processor seconds this process has used.
#[cfg(any(target_os = "linux", target_vendor = "apple", target_os = "freebsd"))]
fn cpu_seconds() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    used.tv_sec as f64 + used.tv_nsec as f64 / 1e9
}

/// Seconds since the first question: no clock of the process is known here, and a search has to end.
#[cfg(not(any(target_os = "linux", target_vendor = "apple", target_os = "freebsd")))]
fn cpu_seconds() -> f64 {
    static BEGUN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGUN.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_a_search_goes_on() {
        let begin = cpu_seconds();
        let worked = (0..20_000_000_u64).fold(0_u64, |sum, k| std::hint::black_box(k ^ sum));
        assert!(cpu_seconds() > begin, "{worked}");
    }
}

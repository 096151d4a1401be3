//! Judges the third-party corpora and prints one table, for `make conformance`.
//!
//! `conformance [--json FILE] [--expected FILE] [--write]`: the table as JSON; what is held against it, where a change
//! for the worse ends with 1 and is named; and whether that file is written anew. The corpora are no part of the
//! repository (`VERMILION_CORPORA` names their folder): where they are missing, that is said loudly.

mod files;
mod identity;
mod judges;
mod paths;
mod signed;
mod table;

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use crate::identity::Identity;
use crate::table::{Row, Table};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = Options::read(std::env::args().skip(1))?;
    let expected: Table = match &options.expected {
        Some(file) if file.exists() => serde_json::from_slice(&fs::read(file)?)?,
        _ => Table::default(),
    };
    let start = Instant::now();
    let mut table = run()?;
    table.take_reasons(&expected);
    print!("{}", table.text());
    println!("\nIn {:.0} s.", start.elapsed().as_secs_f64());
    let json = serde_json::to_string_pretty(&table)? + "\n";
    if let Some(file) = &options.json {
        fs::write(file, &json)?;
    }
    if options.write {
        fs::write(options.expected.ok_or("--write needs --expected")?, &json)?;
        return Ok(ExitCode::SUCCESS);
    }
    let changes = table.compare(&expected);
    for better in &changes.better {
        println!("better: {better}");
    }
    for worse in &changes.worse {
        println!("WORSE: {worse}");
    }
    if !changes.better.is_empty() && changes.worse.is_empty() {
        println!("`make conformance WRITE=--write` holds what is better from now on.");
    }
    Ok(if changes.worse.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run() -> Result<Table, Box<dyn Error>> {
    let mut table = Table::default();
    let mut add = |name: &str, row: Option<Row>| {
        if let Some(row) = row {
            table.rows.insert(name.to_owned(), row);
        }
    };
    add("attacks", signed::attacks()?);
    add("honest", signed::honest()?);
    add("pkits", paths::pkits()?);
    add("limbo", paths::limbo()?);
    add("ocsp", paths::ocsp()?);
    let identity = Identity::new()?;
    for part in ["structure", "general"] {
        add(part, files::signed_by_us(part, &identity)?);
    }
    Ok(table)
}

#[derive(Default)]
struct Options {
    json: Option<PathBuf>,
    expected: Option<PathBuf>,
    write: bool,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => options.json = arguments.next().map(PathBuf::from),
                "--expected" => options.expected = arguments.next().map(PathBuf::from),
                "--write" => options.write = true,
                other => return Err(format!("unknown argument {other}").into()),
            }
        }
        Ok(options)
    }
}

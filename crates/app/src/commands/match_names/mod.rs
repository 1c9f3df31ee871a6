//! `counterpart match-names PAIRS.csv --out FILE`: which pairs of full names can be one person's.

mod columns;
mod quality;

use std::path::{Path, PathBuf};

use clap::Args;
use counterpart_matching::{NameJudge, NameLikeness};
use counterpart_model::Code;
use counterpart_service::{Error, Result};
use counterpart_tabular::{Row, Sheet};
use serde_json::{Value, json};

use self::columns::Columns;
use self::quality::Quality;
use crate::output::{Ending, Output};

/// Judge pairs of full names: can the two be one person's?
#[derive(Debug, Args)]
pub(crate) struct MatchNamesArgs {
    /// File with two names in each row, for example `name1,name2`
    #[arg(value_name = "PAIRS.csv")]
    pub(crate) pairs: PathBuf,
    /// File to write: all columns of the input, then score, match and reason
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Column of the first name, where its header does not tell
    #[arg(long, value_name = "COLUMN")]
    pub(crate) left: Option<String>,
    /// Column of the second name
    #[arg(long, value_name = "COLUMN")]
    pub(crate) right: Option<String>,
    /// Column that says whether the two are one (true/false, yes/no, 1/0): prints precision,
    /// recall and F1. Found by itself when it is called truth, label, expected or `is_match`
    #[arg(long, value_name = "COLUMN")]
    pub(crate) truth_column: Option<String>,
    /// Score from which two names count as one, from 0 to 1
    #[arg(long, value_name = "SCORE", default_value_t = NameJudge::DEFAULT_THRESHOLD, value_parser = score)]
    pub(crate) threshold: f64,
}

fn score(text: &str) -> std::result::Result<f64, String> {
    text.parse()
        .ok()
        .filter(|score| (0.0..=1.0).contains(score))
        .ok_or_else(|| format!("`{text}` is no score: use a number from 0 to 1, for example 0.7"))
}

/// Reads, judges, writes, and says how it went.
pub(crate) fn run(args: &MatchNamesArgs, output: Output) -> Result<Ending> {
    refuse_overwriting_the_input(args)?;
    let bytes = std::fs::read(&args.pairs).map_err(|error| {
        Error::new(
            Code::FileUnreadable,
            format!("cannot read {}: {error}", args.pairs.display()),
        )
    })?;
    let sheet = Sheet::parse(&bytes)
        .map_err(|error| Error::new(error.code, format!("{}: {error}", args.pairs.display())))?;
    let columns = Columns::find(&sheet, args)?;
    let truth = columns
        .truth
        .map(|column| quality::truth_of(&sheet, column, &args.pairs))
        .transpose()?;
    let judged = judge_all(&sheet.rows, &columns);
    write(&args.out, &sheet, &judged, args.threshold)?;

    let matches = judged
        .iter()
        .filter(|judged| judged.score >= args.threshold)
        .count();
    let scores: Vec<f64> = judged.iter().map(|judged| judged.score).collect();
    let summary = Summary {
        pairs: judged.len(),
        matches,
        headers: [columns.left, columns.right].map(|column| sheet.headers[column].clone()),
        qualities: truth.map(|truth| {
            let mut thresholds = vec![args.threshold];
            if (args.threshold - NameJudge::DEFAULT_THRESHOLD).abs() > f64::EPSILON {
                thresholds.push(NameJudge::DEFAULT_THRESHOLD);
            }
            let at = |threshold| (threshold, Quality::at(threshold, &scores, &truth));
            thresholds.into_iter().map(at).collect()
        }),
    };
    output.result(&summary.to_json(args), |_| summary.to_text(args));
    Ok(Ending::Done)
}

fn refuse_overwriting_the_input(args: &MatchNamesArgs) -> Result<()> {
    match (args.pairs.canonicalize(), args.out.canonicalize()) {
        (Ok(input), Ok(out)) if input == out => Err(Error::new(
            Code::Usage,
            format!(
                "--out would overwrite the input {}; choose another file",
                args.pairs.display()
            ),
        )),
        _ => Ok(()),
    }
}

/// Judges the rows on all processors; the order is that of the rows.
fn judge_all(rows: &[Row], columns: &Columns) -> Vec<NameLikeness> {
    let judge = NameJudge::new();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = rows.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let judge = &judge;
        let parts: Vec<_> = rows
            .chunks(share)
            .map(|part| {
                scope.spawn(move || {
                    part.iter()
                        .map(|row| judge.judge(&row.cells[columns.left], &row.cells[columns.right]))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| {
                part.join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            })
            .collect()
    })
}

/// The names of the columns that are added, with an underscore in front while the input has them.
fn added_headers(headers: &[String]) -> [String; 3] {
    ["score", "match", "reason"].map(|name| {
        let mut name = name.to_owned();
        while headers.contains(&name) {
            name.insert(0, '_');
        }
        name
    })
}

/// Writes the file next to its place and moves it there, so that nobody sees half of it.
fn write(path: &Path, sheet: &Sheet, judged: &[NameLikeness], threshold: f64) -> Result<()> {
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(
            Code::FileUnwritable,
            format!("cannot write {}: {error}", path.display()),
        )
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let draft = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    let mut writer = csv::Writer::from_writer(std::io::BufWriter::new(draft));
    let added = added_headers(&sheet.headers);
    writer
        .write_record(sheet.headers.iter().chain(&added))
        .map_err(|error| failed(&error))?;
    for (row, likeness) in sheet.rows.iter().zip(judged) {
        let verdict = (likeness.score >= threshold).to_string();
        let answer = [
            format!("{:.4}", likeness.score),
            verdict,
            likeness.reasons.join("; "),
        ];
        writer
            .write_record(row.cells.iter().chain(&answer))
            .map_err(|error| failed(&error))?;
    }
    let draft = writer
        .into_inner()
        .map_err(|error| failed(&error))?
        .into_inner()
        .map_err(|error| failed(&error))?;
    draft.persist(path).map_err(|error| failed(&error))?;
    Ok(())
}

/// How it went.
#[derive(Debug)]
struct Summary {
    pairs: usize,
    matches: usize,
    headers: [String; 2],
    /// At the threshold that was used, then at the default one if that is another.
    qualities: Option<Vec<(f64, Quality)>>,
}

impl Summary {
    fn to_text(&self, args: &MatchNamesArgs) -> String {
        let mut lines = vec![
            format!(
                "{}: {} pairs of {} and {}",
                args.pairs.display(),
                self.pairs,
                self.headers[0],
                self.headers[1]
            ),
            format!("match (score from {}): {}", args.threshold, self.matches),
            format!("no match: {}", self.pairs - self.matches),
        ];
        for (threshold, quality) in self.qualities.iter().flatten() {
            lines.push(format!("at {threshold}: {quality}"));
        }
        lines.push(format!("written to {}", args.out.display()));
        lines.join("\n")
    }

    fn to_json(&self, args: &MatchNamesArgs) -> Value {
        let mut value = json!({
            "pairs": self.pairs,
            "match": self.matches,
            "columns": self.headers,
            "threshold": args.threshold,
            "out": args.out.display().to_string(),
        });
        if let Some(qualities) = &self.qualities {
            let all: Vec<Value> = qualities
                .iter()
                .map(|(threshold, quality)| {
                    let mut value = json!(quality);
                    value["threshold"] = json!(threshold);
                    value
                })
                .collect();
            value["quality"] = all.first().cloned().unwrap_or_default();
            value["quality_at_default"] = all.last().cloned().unwrap_or_default();
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_columns_never_repeat_a_header() {
        let headers = ["score".to_owned(), "match".to_owned(), "_match".to_owned()];
        assert_eq!(added_headers(&headers), ["_score", "__match", "reason"]);
    }

    #[test]
    fn a_score_is_from_zero_to_one() {
        assert_eq!(score("0.7"), Ok(0.7));
        for text in ["1.1", "-0.1", "NaN", "high"] {
            assert!(score(text).is_err(), "{text}");
        }
    }
}

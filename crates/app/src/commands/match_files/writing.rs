//! The mapping file, all of it or nothing.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use counterpart_matching::{Evidence, MatchResult, Proposal, Record, RunnerUp};
use serde_json::{Value, json};

use super::error::MatchError;

/// Writes `a_id,b_id,score,decision,evidence` beside the target and moves it into place, so that a
/// reader never sees half a file and a failure leaves an older one as it was.
pub(super) fn write_mapping(
    path: &Path,
    left: &[Record],
    right: &[Record],
    result: &MatchResult,
) -> Result<(), MatchError> {
    let failed = |source: std::io::Error| MatchError::io(path, "write", source);
    let draft = Draft::create(path).map_err(failed)?;
    let mut buffer = BufWriter::new(&draft.file);
    write_rows(&mut buffer, left, right, result).map_err(failed)?;
    buffer.flush().map_err(failed)?;
    drop(buffer);
    draft.file.sync_all().map_err(failed)?;
    draft.publish(path).map_err(failed)
}

fn write_rows(
    target: impl Write,
    left: &[Record],
    right: &[Record],
    result: &MatchResult,
) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(target);
    writer.write_record(["a_id", "b_id", "score", "decision", "evidence"])?;
    for proposal in &result.proposals {
        let decision = serde_json::to_value(proposal.decision)?;
        writer.write_record([
            left[proposal.left].id.as_str(),
            right[proposal.right].id.as_str(),
            &format!("{:.4}", proposal.score),
            decision.as_str().unwrap_or_default(),
            &evidence_of(proposal, left, right).to_string(),
        ])?;
    }
    writer.flush()
}

/// The waterfall of a proposal and of its runner-up, compact.
fn evidence_of(proposal: &Proposal, left: &[Record], right: &[Record]) -> Value {
    let mut value = json!({
        "prior": hundredths(proposal.prior_bits),
        "evidence": steps(&proposal.evidence),
    });
    if let Some(caution) = &proposal.caution {
        value["caution"] = json!(caution);
    }
    if let Some(runner_up) = &proposal.runner_up {
        value["runner_up"] = other("b_id", runner_up, right);
    }
    if let Some(rival) = &proposal.rival {
        value["rival"] = other("a_id", rival, left);
    }
    value
}

fn other(key: &str, runner_up: &RunnerUp, records: &[Record]) -> Value {
    json!({
        key: records[runner_up.index].id,
        "score": (runner_up.score * 10_000.0).round() / 10_000.0,
        "evidence": steps(&runner_up.evidence),
    })
}

fn steps(evidence: &[Evidence]) -> Vec<Value> {
    evidence
        .iter()
        .map(|step| json!([step.words, hundredths(step.bits)]))
        .collect()
}

fn hundredths(bits: f64) -> f64 {
    (bits * 100.0).round() / 100.0
}

/// A file under a passing name, removed unless it is published.
struct Draft {
    file: File,
    path: PathBuf,
    published: bool,
}

impl Draft {
    fn create(target: &Path) -> std::io::Result<Self> {
        let name = target
            .file_name()
            .ok_or(std::io::ErrorKind::InvalidInput)?
            .to_string_lossy();
        let path = target.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        Ok(Self {
            file,
            path,
            published: false,
        })
    }

    fn publish(mut self, target: &Path) -> std::io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // Nothing can be done about a draft that cannot be removed; the error that led here
            // is the one to report.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

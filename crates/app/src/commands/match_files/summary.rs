//! What a match did, for a human and for a machine.

use std::collections::BTreeMap;
use std::path::PathBuf;

use counterpart_matching::Decision;
use counterpart_tabular::Field;
use serde_json::{Value, json};

use super::columns::Columns;
use super::evaluation::{Evaluation, Quality};
use super::explanation::Explanation;
use super::labels::LabelCounts;
use super::outcome::{Outcome, Tied};

/// What a match did.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(super) out: PathBuf,
    /// The file of those without a tie, if one was asked for.
    pub(super) unmatched_out: Option<PathBuf>,
    pub(super) files: [FileSummary; 2],
    pub(super) counts: Counts,
    pub(super) labels: Option<LabelCounts>,
    pub(super) evaluation: Option<Evaluation>,
    pub(super) explanations: Vec<Explanation>,
}

/// How one file was understood.
#[derive(Debug)]
pub(super) struct FileSummary {
    path: PathBuf,
    rows: usize,
    columns: Vec<(String, Field)>,
}

/// How many ties there are of each kind.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) auto: usize,
    pub(super) review: usize,
    /// Why so many are not certain.
    cautions: BTreeMap<&'static str, usize>,
    pub(super) unmatched: usize,
}

impl FileSummary {
    pub(super) fn new(path: PathBuf, rows: usize, columns: Columns) -> Self {
        Self {
            path,
            rows,
            columns: columns.headers.into_iter().zip(columns.fields).collect(),
        }
    }
}

impl Counts {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let ties = outcome.ties();
        let mut cautions: BTreeMap<&'static str, usize> = BTreeMap::new();
        for tie in outcome.matches().ties() {
            if let Some(caution) = tie.caution {
                *cautions.entry(caution).or_default() += 1;
            }
        }
        let is_auto = |tie: &&Tied| outcome.decision(tie) == Decision::Auto;
        let auto = ties.iter().filter(is_auto).count();
        Self {
            auto,
            review: ties.len() - auto,
            cautions,
            unmatched: outcome.unmatched().len(),
        }
    }
}

impl Summary {
    /// For a human.
    pub(crate) fn to_text(&self) -> String {
        let mut lines = Vec::new();
        for file in &self.files {
            lines.push(format!("{}: {} records", file.path.display(), file.rows));
            let used: Vec<String> = file
                .columns
                .iter()
                .map(|(header, field)| format!("{header} → {field}"))
                .collect();
            lines.push(format!("  columns: {}", used.join(", ")));
        }
        if let Some(labels) = &self.labels {
            lines.push(label_line(labels));
        }
        lines.push(format!("certain (auto):    {}", self.counts.auto));
        lines.push(format!("to look at:        {}", self.counts.review));
        for (caution, count) in &self.counts.cautions {
            lines.push(format!("  {count:>6}  {caution}"));
        }
        lines.push(format!("A without a tie:   {}", self.counts.unmatched));
        if let Some(evaluation) = &self.evaluation {
            lines.push(format!("against {} true pairs:", evaluation.true_pairs));
            lines.push(quality_line("auto", evaluation.auto));
            lines.push(quality_line("all rows", evaluation.all));
            for (tag, (found, all)) in &evaluation.recall_by_tag {
                lines.push(format!("  recall of {tag}: {found} of {all}"));
            }
        }
        lines.push(format!("written to {}", self.out.display()));
        if let Some(path) = &self.unmatched_out {
            lines.push(format!("those without a tie: {}", path.display()));
        }
        for explanation in &self.explanations {
            lines.push(String::new());
            lines.push(explanation.to_text());
        }
        lines.join("\n")
    }

    /// For a machine. Holds nothing that differs between two runs on the same files.
    pub(crate) fn to_json(&self) -> Value {
        let file = |file: &FileSummary| {
            let columns: serde_json::Map<String, Value> = file
                .columns
                .iter()
                .map(|(header, field)| (header.clone(), json!(field.to_string())))
                .collect();
            json!({"file": file.path.display().to_string(), "records": file.rows, "columns": columns})
        };
        let mut value = json!({
            "a": file(&self.files[0]),
            "b": file(&self.files[1]),
            "auto": self.counts.auto,
            "review": self.counts.review,
            "cautions": self.counts.cautions,
            "unmatched_a": self.counts.unmatched,
            "out": self.out.display().to_string(),
        });
        if let Some(path) = &self.unmatched_out {
            value["unmatched_out"] = json!(path.display().to_string());
        }
        if let Some(labels) = &self.labels {
            value["labels"] = json!(labels);
        }
        if let Some(evaluation) = &self.evaluation {
            value["evaluation"] = json!(evaluation);
        }
        if !self.explanations.is_empty() {
            value["explanations"] = json!(self.explanations);
        }
        value
    }
}

fn label_line(labels: &LabelCounts) -> String {
    format!(
        "past decisions:    {} the same, {} not ({} rows undecided, {} about ids that are gone)",
        labels.same, labels.different, labels.undecided, labels.gone
    )
}

fn quality_line(what: &str, quality: Quality) -> String {
    format!(
        "  {what:<9} precision {:.4}  recall {:.4}  F1 {:.4}  ({} of {} rows right)",
        quality.precision, quality.recall, quality.f1, quality.right, quality.rows
    )
}

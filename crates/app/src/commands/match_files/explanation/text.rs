//! Explanations as a human reads them: an aligned table of bits.

use std::fmt::Write;

use super::{Candidate, Explanation, Reasons, Step, Waterfall};

/// Above the two columns of numbers.
const COLUMNS: &str = "       bits       sum";

impl Explanation {
    /// For a human: the waterfall as an aligned table.
    pub(in super::super) fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = match &self.reasons {
            Reasons::Decided { b_id, words, .. } => {
                writeln!(text, "{} is {b_id}: {words}, and kept.", self.a_id)
            }
            Reasons::Tied(tied) => tied.write(&mut text, &self.a_id),
            Reasons::Unmatched {
                words, candidates, ..
            } => write_unmatched(&mut text, &self.a_id, words, candidates),
        };
        text.truncate(text.trim_end().len());
        text
    }
}

impl Waterfall {
    fn write(&self, text: &mut String, a_id: &str) -> std::fmt::Result {
        let certainty = if self.decision == "auto" {
            "certain (auto)"
        } else {
            "to look at (review)"
        };
        writeln!(
            text,
            "{a_id} is {}: {certainty}, probability {:.4}",
            self.b_id, self.score
        )?;
        writeln!(text, "{COLUMNS}")?;
        let rarity = (-self.prior).exp2();
        writeln!(
            text,
            "            {:>+9.2}  before any evidence: about one pair in {rarity:.0} is one human",
            self.prior
        )?;
        write_steps(text, &self.evidence)?;
        writeln!(
            text,
            "  The sum alone means {:.4}; with everybody who competes it is {:.4}.",
            self.alone, self.score
        )?;
        if let Some(caution) = self.caution {
            writeln!(text, "  Not certain: {caution}.")?;
        }
        if let Some(runner_up) = &self.runner_up {
            writeln!(text, "  Runner-up of B: {}", runner_up.introduction())?;
            runner_up.write(text)?;
        }
        if let Some(rival) = &self.rival {
            writeln!(text, "  Rival from A: {}", rival.introduction())?;
            rival.write(text)?;
        }
        Ok(())
    }
}

fn write_unmatched(
    text: &mut String,
    a_id: &str,
    words: &str,
    candidates: &[Candidate],
) -> std::fmt::Result {
    writeln!(text, "{a_id} has no tie: {words}.")?;
    if candidates.iter().any(|one| !one.evidence.is_empty()) {
        writeln!(text, "{COLUMNS}")?;
    }
    for candidate in candidates {
        writeln!(text, "  Candidate {}", candidate.introduction())?;
        candidate.write(text)?;
    }
    Ok(())
}

impl Candidate {
    fn introduction(&self) -> String {
        let tied = self.tied_to.as_ref();
        let tied = tied.map_or_else(String::new, |other| format!(", tied to {other}"));
        format!("{}, probability {:.4}{tied}", self.id, self.score)
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        write_steps(text, &self.evidence)?;
        match &self.lost_by {
            Some(words) => writeln!(text, "  It lost {words}."),
            None => Ok(()),
        }
    }
}

fn write_steps(text: &mut String, steps: &[Step]) -> std::fmt::Result {
    for step in steps {
        writeln!(
            text,
            "  {:>+9.2} {:>+9.2}  {}",
            step.bits, step.sum, step.words
        )?;
    }
    Ok(())
}

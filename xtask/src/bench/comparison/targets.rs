//! What we mean to reach, read from `targets.toml`.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::Error;

/// What ours is to reach on one set; what is missing is not asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    /// Least F1 of all rows.
    pub(super) f1: Option<f64>,
    /// Least precision of the `auto` rows.
    pub(super) auto_precision: Option<f64>,
    /// Least recall of the `auto` rows.
    pub(super) auto_recall: Option<f64>,
    /// Most wall time, in multiples of the floor's.
    pub(super) floor_ratio: Option<f64>,
    /// Most resident memory, in MiB.
    pub(super) peak_mib: Option<f64>,
}

impl Target {
    /// This, and what the other asks for besides.
    fn or(self, other: Self) -> Self {
        Self {
            f1: self.f1.or(other.f1),
            auto_precision: self.auto_precision.or(other.auto_precision),
            auto_recall: self.auto_recall.or(other.auto_recall),
            floor_ratio: self.floor_ratio.or(other.floor_ratio),
            peak_mib: self.peak_mib.or(other.peak_mib),
        }
    }

    /// `met`, or what was missed and by how much. Empty when nothing is asked for.
    pub(super) fn verdict(&self, reached: &Self) -> String {
        let digits = |value: f64| format!("{value:.4}");
        let least = [
            ("F1", self.f1, reached.f1),
            (
                "precision of auto",
                self.auto_precision,
                reached.auto_precision,
            ),
            ("recall of auto", self.auto_recall, reached.auto_recall),
        ];
        let most = [
            ("times the floor", self.floor_ratio, reached.floor_ratio),
            ("MiB at the peak", self.peak_mib, reached.peak_mib),
        ];
        let mut is_asked = false;
        let mut missed = Vec::new();
        for (what, target, value) in least {
            if let Some((target, value)) = target.zip(value) {
                is_asked = true;
                if value < target {
                    missed.push(format!("{what} {} < {target}", digits(value)));
                }
            }
        }
        for (what, target, value) in most {
            if let Some((target, value)) = target.zip(value) {
                is_asked = true;
                if value > target {
                    missed.push(format!("{value:.1} {what} > {target}"));
                }
            }
        }
        match (is_asked, missed.is_empty()) {
            (false, _) => String::new(),
            (true, true) => "met".to_owned(),
            (true, false) => format!("missed: {}", missed.join("; ")),
        }
    }
}

/// Targets by name, and for sets of a size.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Targets {
    #[serde(default)]
    sets: BTreeMap<String, Target>,
    #[serde(default)]
    sizes: Vec<Size>,
    /// For pairs of names.
    #[serde(default)]
    names: Target,
}

/// For sets of at least so many rows.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
struct Size {
    rows: usize,
    target: Target,
}

impl Targets {
    pub(super) fn read(path: &Path) -> Result<Self, Error> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| Error::Read {
            path: name.clone(),
            source,
        })?;
        toml::from_str(&text).map_err(|error| Error::Malformed {
            path: name,
            message: error.to_string(),
        })
    }

    /// Of the set's name, and besides that of the largest size it has.
    pub(super) fn of(&self, name: &str, rows: usize) -> Target {
        let by_size = self
            .sizes
            .iter()
            .filter(|size| size.rows <= rows)
            .max_by_key(|size| size.rows)
            .map_or(Target::default(), |size| size.target);
        self.sets.get(name).copied().unwrap_or_default().or(by_size)
    }

    /// Of the name of a set of pairs of names, and besides that of all such sets.
    pub(super) fn of_names(&self, name: &str) -> Target {
        let by_name = self.sets.get(name).copied().unwrap_or_default();
        by_name.or(self.names)
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, Targets};

    #[test]
    fn a_name_counts_before_a_size_and_a_larger_size_before_a_smaller() {
        let text = "[sets.x]\nf1 = 0.99\n\
            [[sizes]]\nrows = 10\ntarget = { f1 = 0.9, peak_mib = 5 }\n\
            [[sizes]]\nrows = 0\ntarget = { f1 = 0.8 }\n";
        let targets: Targets = toml::from_str(text).expect("is well-formed");
        assert_eq!(targets.of("x", 20).f1, Some(0.99));
        assert_eq!(targets.of("x", 20).peak_mib, Some(5.0));
        assert_eq!(targets.of("y", 20).f1, Some(0.9));
        assert_eq!(targets.of("y", 9).f1, Some(0.8));
    }

    #[test]
    fn a_verdict_says_what_was_missed() {
        let target = Target {
            f1: Some(0.95),
            floor_ratio: Some(10.0),
            ..Target::default()
        };
        let reached = |f1, ratio| Target {
            f1: Some(f1),
            floor_ratio: Some(ratio),
            auto_precision: Some(0.1),
            ..Target::default()
        };
        assert_eq!(target.verdict(&reached(0.95, 9.9)), "met");
        assert_eq!(
            target.verdict(&reached(0.94, 12.04)),
            "missed: F1 0.9400 < 0.95; 12.0 times the floor > 10"
        );
        assert_eq!(Target::default().verdict(&reached(0.1, 99.0)), "");
    }
}

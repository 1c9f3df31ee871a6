//! The form of matching settings: text, so that a slip of the finger can be shown again.

use counterpart_model::matching_settings::{Equivalence, EvidenceSource};
use counterpart_model::{Code, MatchingRules};
use counterpart_service::Error;
use counterpart_service::error::FieldError;
use serde::Deserialize;

/// The form as it was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    pub(super) version: u64,
    /// `own` when the ticks below are meant.
    pub(super) evidence: String,
    /// The kinds of evidence that count.
    pub(super) uses: Vec<String>,
    /// In percent; empty for nothing said.
    pub(super) auto_threshold: String,
    pub(super) review_threshold: String,
    /// `yes`, `no`, or empty for nothing said.
    pub(super) many_to_one: String,
    /// One on a line.
    pub(super) own_domains: String,
    /// `one = other` on a line.
    pub(super) equivalent_domains: String,
    pub(super) aliases: String,
    /// A rule that is to go: `domains:` or `alias:` and the pair.
    pub(super) drop: String,
    /// `preview` or `save`.
    pub(super) verb: String,
    /// What was previewed.
    pub(super) seen: String,
    /// Where the preview goes on.
    pub(super) after: String,
}

impl Input {
    /// The form of rules that stand in a version.
    pub(super) fn of(rules: &MatchingRules, version: u64) -> Self {
        let counts = |source: &EvidenceSource| {
            let without = rules.without.as_ref();
            !without.is_some_and(|without| without.contains(source))
        };
        let uses = EvidenceSource::ALL.into_iter().filter(counts);
        Self {
            version,
            evidence: said(rules.without.is_some(), "own"),
            uses: uses.map(|source| source.as_str().to_owned()).collect(),
            auto_threshold: rules.auto_threshold.map(percents).unwrap_or_default(),
            review_threshold: rules.review_threshold.map(percents).unwrap_or_default(),
            many_to_one: match rules.many_to_one {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => String::new(),
            },
            own_domains: rules.own_domains.join("\n"),
            equivalent_domains: pairs_text(&rules.equivalent_domains),
            aliases: pairs_text(&rules.aliases),
            ..Self::default()
        }
    }

    pub(super) fn uses(&self, source: EvidenceSource) -> bool {
        self.uses.iter().any(|used| used == source.as_str())
    }

    /// The rules of the form, or every field that cannot be read.
    pub(super) fn rules(&self) -> Result<MatchingRules, Error> {
        let mut problems = Vec::new();
        let mut problem = |field: &str, message: String| {
            problems.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        let mut threshold = |field, text: &str| match thousandths(text) {
            Ok(part) => part,
            Err(message) => {
                problem(field, message);
                None
            }
        };
        let auto_threshold = threshold("auto_threshold", &self.auto_threshold);
        let review_threshold = threshold("review_threshold", &self.review_threshold);
        let mut pairs = |field, text: &str| match pairs_of(text) {
            Ok(pairs) => pairs,
            Err(message) => {
                problem(field, message);
                Vec::new()
            }
        };
        let rules = MatchingRules {
            without: (self.evidence == "own").then(|| {
                let out = EvidenceSource::ALL.into_iter();
                out.filter(|source| !self.uses(*source)).collect()
            }),
            auto_threshold,
            review_threshold,
            many_to_one: match self.many_to_one.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
            own_domains: self
                .own_domains
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            equivalent_domains: pairs("equivalent_domains", &self.equivalent_domains),
            aliases: pairs("aliases", &self.aliases),
        }
        .tidied();
        if problems.is_empty() {
            Ok(self.without_dropped(rules))
        } else {
            Err(Error::with_fields(Code::MatchingSettingsInvalid, problems))
        }
    }

    /// The rules less the one that is to go.
    fn without_dropped(&self, mut rules: MatchingRules) -> MatchingRules {
        if let Some((kind, pair)) = self.drop.split_once(':') {
            let kept = |it: &Equivalence| pair_text(it) != pair;
            match kind {
                "domains" => rules.equivalent_domains.retain(kept),
                "alias" => rules.aliases.retain(kept),
                _ => {}
            }
        }
        rules
    }
}

fn said(is_said: bool, word: &str) -> String {
    if is_said {
        word.to_owned()
    } else {
        String::new()
    }
}

/// Thousandths as a percentage.
pub(super) fn percents(thousandths: u16) -> String {
    let (whole, rest) = (thousandths / 10, thousandths % 10);
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole}.{rest}"),
    }
}

/// A percentage with one digit behind its point at most, as thousandths; nothing for an empty
/// text.
fn thousandths(text: &str) -> Result<Option<u16>, String> {
    let text = text
        .trim()
        .trim_end_matches('%')
        .trim_end()
        .replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || format!("`{text}` is no percentage; write it like 99 or 99.5");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "0"));
    if rest.len() != 1 {
        return Err(wrong());
    }
    let whole: u16 = whole.parse().map_err(|_| wrong())?;
    let rest: u16 = rest.parse().map_err(|_| wrong())?;
    let part = whole.checked_mul(10).and_then(|it| it.checked_add(rest));
    part.map(Some).ok_or_else(wrong)
}

pub(super) fn pair_text(pair: &Equivalence) -> String {
    format!("{} = {}", pair.one, pair.other)
}

fn pairs_text(pairs: &[Equivalence]) -> String {
    let lines: Vec<String> = pairs.iter().map(pair_text).collect();
    lines.join("\n")
}

/// The pairs of a text, one on a line.
pub(super) fn pairs_of(text: &str) -> Result<Vec<Equivalence>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once('=') {
            Some((one, other)) => Ok(Equivalence::new(one, other)),
            None => Err(format!("`{line}` is no pair; write it like `one = other`")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> MatchingRules {
        MatchingRules {
            without: Some([EvidenceSource::Phone].into()),
            auto_threshold: Some(995),
            review_threshold: Some(400),
            many_to_one: Some(false),
            own_domains: vec!["a.example".into(), "b.example".into()],
            equivalent_domains: vec![Equivalence::new("a.example", "b.example")],
            aliases: vec![Equivalence::new("skip", "wilbert")],
        }
    }

    #[test]
    fn rules_go_through_the_form_unchanged() {
        for rules in [rules(), MatchingRules::default()] {
            assert_eq!(Input::of(&rules, 3).rules().expect("rules"), rules);
        }
    }

    #[test]
    fn a_rule_that_is_to_go_is_gone() {
        let mut input = Input::of(&rules(), 3);
        input.drop = "alias:skip = wilbert".into();
        assert_eq!(input.rules().expect("rules").aliases, []);
        input.drop = "domains:a.example = b.example".into();
        assert_eq!(input.rules().expect("rules").equivalent_domains, []);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_field() {
        let input = Input {
            auto_threshold: "sure".into(),
            review_threshold: "40.55".into(),
            aliases: "skip wilbert".into(),
            ..Input::default()
        };
        let error = input.rules().expect_err("refused");
        let fields: Vec<_> = error.fields().iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["auto_threshold", "review_threshold", "aliases"]);
    }

    #[test]
    fn percentages_are_read_in_either_notation() {
        assert_eq!(thousandths(" 99,5 % "), Ok(Some(995)));
        assert_eq!(thousandths("99"), Ok(Some(990)));
        assert_eq!(thousandths(""), Ok(None));
        assert!(thousandths("7000.0").is_err() && thousandths("-1").is_err());
    }
}

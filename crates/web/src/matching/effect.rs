//! What other settings would do, in words.

use counterpart_service::matching::{EffectKind, EffectLine, MatchingEffect, Proposed};

use crate::session::Portal;
use crate::words::{Tone, grouped, percent, sentence};

/// The effect as the page shows it.
pub(super) struct Effect {
    /// All of it in a sentence.
    pub(super) sentence: String,
    pub(super) lines: Vec<Line>,
    /// Where the list goes on.
    pub(super) next: String,
    /// Whether this is not its beginning.
    pub(super) inside: bool,
}

/// What becomes of one proposal.
pub(super) struct Line {
    pub(super) person: String,
    pub(super) path: String,
    pub(super) connection: String,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    pub(super) before: String,
    pub(super) after: String,
}

impl Effect {
    pub(super) fn of(portal: &Portal, effect: MatchingEffect, after: &str) -> Self {
        Self {
            sentence: in_a_sentence(&effect.counts),
            lines: effect
                .lines
                .items
                .into_iter()
                .map(|line| Line::of(portal, line))
                .collect(),
            next: effect.lines.next.map(|next| next.0).unwrap_or_default(),
            inside: !after.is_empty(),
        }
    }
}

/// `3 proposals appear, 1 disappears.`
fn in_a_sentence(counts: &[(EffectKind, u64)]) -> String {
    if counts.is_empty() {
        return "Nothing that is proposed now would change.".to_owned();
    }
    let clauses: Vec<String> = counts
        .iter()
        .enumerate()
        .map(|(at, (kind, number))| {
            let noun = match (at, number) {
                (0, 1) => " proposal",
                (0, _) => " proposals",
                _ => "",
            };
            format!("{}{noun} {}", grouped(number), verb(*kind, *number == 1))
        })
        .collect();
    sentence(&format!("{}.", clauses.join(", ")))
}

const fn verb(kind: EffectKind, one: bool) -> &'static str {
    match (kind, one) {
        (EffectKind::Appears, true) => "appears",
        (EffectKind::Appears, false) => "appear",
        (EffectKind::Disappears, true) => "disappears",
        (EffectKind::Disappears, false) => "disappear",
        (EffectKind::Changes, true) => "leads to somebody else",
        (EffectKind::Changes, false) => "lead to somebody else",
        (EffectKind::BecomesCertain, true) => "becomes certain",
        (EffectKind::BecomesCertain, false) => "become certain",
        (EffectKind::BecomesUncertain, true) => "is certain no longer",
        (EffectKind::BecomesUncertain, false) => "are certain no longer",
        (EffectKind::BecomesAmbiguous, true) => "becomes ambiguous",
        (EffectKind::BecomesAmbiguous, false) => "become ambiguous",
        (EffectKind::BecomesClear, true) => "is ambiguous no longer",
        (EffectKind::BecomesClear, false) => "are ambiguous no longer",
    }
}

const fn tone(kind: EffectKind) -> Tone {
    match kind {
        EffectKind::Appears | EffectKind::BecomesClear => "proposed",
        EffectKind::BecomesCertain => "done",
        EffectKind::Changes | EffectKind::BecomesUncertain | EffectKind::BecomesAmbiguous => "look",
        EffectKind::Disappears => "broken",
    }
}

impl Line {
    fn of(portal: &Portal, line: EffectLine) -> Self {
        let shown = |it: &Proposed| {
            let likely = percent(it.score);
            format!("{} ({}), {likely} %", it.name, it.crm_user_id)
        };
        Self {
            path: portal.path(&format!(
                "/mapping/{}/{}/why",
                line.connection_id, line.person_id
            )),
            person: line.person,
            connection: line.connection,
            word: verb(line.kind, true),
            tone: tone(line.kind),
            before: line.before.as_ref().map(shown).unwrap_or_default(),
            after: line.after.as_ref().map(shown).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_is_one_sentence() {
        let counts = [
            (EffectKind::Appears, 3),
            (EffectKind::Disappears, 1),
            (EffectKind::BecomesCertain, 1_200),
        ];
        assert_eq!(
            in_a_sentence(&counts),
            "3 proposals appear, 1 disappears, 1,200 become certain."
        );
        assert_eq!(
            in_a_sentence(&[(EffectKind::Disappears, 1)]),
            "1 proposal disappears."
        );
        assert!(in_a_sentence(&[]).starts_with("Nothing"));
    }
}

//! Names before and after: whether they can be one human being's, and which part stayed.

use counterpart_matching::NameJudge;
use counterpart_model::folding::fold;

/// A name as one side gives it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Name<'a> {
    /// The name as it is shown.
    pub(super) display: &'a str,
    /// The given name, where it is known by itself.
    pub(super) given: Option<&'a str>,
    /// The family name, where it is known by itself.
    pub(super) family: Option<&'a str>,
}

impl Name<'_> {
    /// The whole name: the parts where both are known, else as it is shown.
    pub(super) fn full(&self) -> String {
        match (filled(self.given), filled(self.family)) {
            (Some(given), Some(family)) => format!("{given} {family}"),
            (Some(one), None) | (None, Some(one)) if self.display.trim().is_empty() => {
                one.to_owned()
            }
            _ => self.display.trim().to_owned(),
        }
    }

    /// Given and family name, read from the name as it is shown where they are not known.
    fn parts(&self) -> (String, String) {
        if let (Some(given), Some(family)) = (filled(self.given), filled(self.family)) {
            return (given.to_owned(), family.to_owned());
        }
        let full = self.full();
        if let Some((family, given)) = full.split_once(',') {
            return (given.trim().to_owned(), family.trim().to_owned());
        }
        match full.rsplit_once(' ') {
            Some((given, family)) => (given.trim().to_owned(), family.to_owned()),
            None => (full, String::new()),
        }
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Compares names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Namer<'a>(pub(super) &'a NameJudge);

impl Namer<'_> {
    /// Whether both can be one human being's: the same but for order, spelling, script, short
    /// forms and middle names. A name that is not told says nothing against it.
    pub(super) fn same(self, one: &Name<'_>, other: &Name<'_>) -> bool {
        self.alike(&one.full(), &other.full())
    }

    /// Whether the given name stayed, whatever became of the family name.
    pub(super) fn same_given(self, then: &Name<'_>, now: &Name<'_>) -> bool {
        let ((given, family), (given_now, _)) = (then.parts(), now.parts());
        !given_now.is_empty()
            && self.alike(
                &format!("{given} {family}"),
                &format!("{given_now} {family}"),
            )
    }

    /// Whether the family name stayed, whatever became of the given name.
    pub(super) fn same_family(self, then: &Name<'_>, now: &Name<'_>) -> bool {
        let ((given, family), (_, family_now)) = (then.parts(), now.parts());
        !family_now.is_empty()
            && self.alike(
                &format!("{given} {family}"),
                &format!("{given} {family_now}"),
            )
    }

    fn alike(self, one: &str, other: &str) -> bool {
        let (folded, folded_other) = (fold(one), fold(other));
        folded.is_empty()
            || folded_other.is_empty()
            || folded == folded_other
            || self.0.judge(one, other).score >= NameJudge::DEFAULT_THRESHOLD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(display: &str) -> Name<'_> {
        Name {
            display,
            ..Name::default()
        }
    }

    #[test]
    fn spelling_order_and_short_forms_are_the_same_name() {
        let judge = NameJudge::new();
        let namer = Namer(&judge);
        for (one, other) in [
            ("Małgorzata Ostrowska", "OSTROWSKA, Malgorzata"),
            ("Elizabeth Smith", "Liz  Smith"),
            ("Иван Петров", "Ivan Petrov"),
            ("Anna Weiss", ""),
        ] {
            assert!(namer.same(&shown(one), &shown(other)), "{one} | {other}");
        }
        assert!(!namer.same(&shown("Anna Weiss"), &shown("Anna Braun")));
    }

    #[test]
    fn the_part_that_stayed_is_known() {
        let judge = NameJudge::new();
        let namer = Namer(&judge);
        let weiss = shown("Anna Weiss");
        let braun = shown("Braun, Anna");
        assert!(namer.same_given(&weiss, &braun));
        assert!(!namer.same_family(&weiss, &braun));
        let peter = shown("Peter Weiss");
        assert!(!namer.same_given(&weiss, &peter));
        assert!(namer.same_family(&weiss, &peter));
    }
}

//! Phone numbers, spelled as somebody may have typed them, and compared.

use counterpart_manifest::PhoneSpelling;
use phonenumber::Mode;

/// How many digits at the end must agree where a number's country is not known: fewer are an
/// extension, or half of the numbers of a town.
const AGREEING: usize = 7;

/// A number that is looked for.
pub(super) struct Wanted<'a> {
    given: &'a str,
    parsed: Option<phonenumber::PhoneNumber>,
}

impl<'a> Wanted<'a> {
    /// A number as it was given: in E.164 its country is known, otherwise not.
    pub(super) fn new(given: &'a str) -> Self {
        let given = given.trim();
        let parsed = given
            .starts_with('+')
            .then(|| phonenumber::parse(None, given).ok())
            .flatten();
        Self { given, parsed }
    }

    /// The number in a spelling; none where its country would have to be known and is not.
    pub(super) fn spelled(&self, spelling: PhoneSpelling) -> Option<String> {
        let digits = digits(self.given);
        let formatted = |mode: Mode| {
            let number = self.parsed.as_ref()?;
            Some(number.format().mode(mode).to_string())
        };
        let last = |count: usize| {
            let from = digits.len().checked_sub(count)?;
            Some(digits[from..].to_owned())
        };
        match spelling {
            PhoneSpelling::AsGiven => Some(self.given.to_owned()),
            PhoneSpelling::E164 => formatted(Mode::E164),
            PhoneSpelling::Digits => Some(digits),
            PhoneSpelling::International => formatted(Mode::International),
            PhoneSpelling::National => formatted(Mode::National),
            PhoneSpelling::NationalDigits => {
                formatted(Mode::National).map(|text| self::digits(&text))
            }
            PhoneSpelling::Significant => self
                .parsed
                .as_ref()
                .map(|number| number.national().to_string()),
            PhoneSpelling::Last10 => last(10),
            PhoneSpelling::Last9 => last(9),
            PhoneSpelling::Last8 => last(8),
            PhoneSpelling::Last7 => last(7),
            PhoneSpelling::Last4 => last(4),
        }
        .filter(|text| !text.is_empty())
    }

    /// Whether a number of a record is this one, however it was typed.
    pub(super) fn is(&self, typed: &str) -> bool {
        let typed = typed.trim();
        let theirs = digits(typed);
        let ours = digits(self.given);
        if theirs.is_empty() || ours.is_empty() {
            return false;
        }
        let Some(number) = &self.parsed else {
            return agree(&ours, &theirs);
        };
        if typed.starts_with('+')
            && let Ok(other) = phonenumber::parse(None, typed)
        {
            return other.code().value() == number.code().value()
                && other.national().value() == number.national().value();
        }
        // Typed without a country: as it is dialled there, or with other digits before it.
        agree(&number.national().to_string(), &theirs)
    }
}

/// Whether the shorter of two rows of digits ends the longer one, and is long enough to mean
/// something. A zero that is dialled in the country only stands before neither.
fn agree(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    let shorter = one.len().min(other.len());
    shorter >= AGREEING && (one.ends_with(other) || other.ends_with(one))
}

/// The digits of a number, without what stands in brackets behind a country's code: `(0)`.
fn digits(typed: &str) -> String {
    typed
        .replace("(0)", "")
        .chars()
        .filter(char::is_ascii_digit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_spelled_as_people_type_it() {
        let wanted = Wanted::new("+442079460107");
        for (spelling, expected) in [
            (PhoneSpelling::E164, "+442079460107"),
            (PhoneSpelling::Digits, "442079460107"),
            (PhoneSpelling::International, "+44 20 7946 0107"),
            (PhoneSpelling::National, "020 7946 0107"),
            (PhoneSpelling::NationalDigits, "02079460107"),
            (PhoneSpelling::Significant, "2079460107"),
            (PhoneSpelling::Last7, "9460107"),
        ] {
            assert_eq!(wanted.spelled(spelling).as_deref(), Some(expected));
        }
        assert_eq!(Wanted::new("204").spelled(PhoneSpelling::E164), None);
    }

    #[test]
    fn a_number_is_known_however_it_was_typed() {
        let wanted = Wanted::new("+442079460107");
        for typed in [
            "+44 20 7946 0107",
            "020 7946 0107",
            "+44 (0)20 7946 0107",
            "0044 20 79460107",
            "(020) 7946-0107",
        ] {
            assert!(wanted.is(typed), "{typed}");
        }
        for typed in [
            "+44 20 7946 0108",
            "+1 207 946 0107",
            "0107",
            "",
            "ext. 204",
        ] {
            assert!(!wanted.is(typed), "{typed}");
        }
    }
}

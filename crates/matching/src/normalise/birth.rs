//! Dates of birth in the notations that exports use.

/// A calendar date; parts that are not known are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Birth {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Birth {
    /// Packs the date into one number, for tables and keys.
    pub(crate) fn packed(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    /// The date that [`packed`](Self::packed) made.
    pub(crate) fn unpack(packed: u32) -> Self {
        let part = |value: u32| u8::try_from(value % 100).unwrap_or(0);
        Self {
            year: u16::try_from(packed / 10_000).unwrap_or(0),
            month: part(packed / 100),
            day: part(packed),
        }
    }
}

/// Reads `1979-05-24`, `19790524`, `24.05.1979`, `24/05/1979`, `1979`. Month and day are not
/// checked against the calendar: a mistyped date is still evidence. A date with slashes is read
/// day first unless the second number can only be a day.
pub(crate) fn parse(text: &str) -> Option<Birth> {
    let numbers: Vec<&str> = text
        .split(|character: char| !character.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let birth = match numbers.as_slice() {
        [compact] if compact.len() == 8 => Birth {
            year: number(&compact[..4])?,
            month: small(&compact[4..6])?,
            day: small(&compact[6..])?,
        },
        [year] if year.len() == 4 => Birth {
            year: number(year)?,
            month: 0,
            day: 0,
        },
        [year, month, day, ..] if year.len() == 4 => Birth {
            year: number(year)?,
            month: small(month)?,
            day: small(day)?,
        },
        [first, second, year, ..] if year.len() == 4 => {
            let (first, second) = (small(first)?, small(second)?);
            let (day, month) = if second > 12 {
                (second, first)
            } else {
                (first, second)
            };
            Birth {
                year: number(year)?,
                month,
                day,
            }
        }
        _ => return None,
    };
    (birth.year > 0 && birth.month < 100 && birth.day < 100).then_some(birth)
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok()
}

fn small(text: &str) -> Option<u8> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_of_one_date_are_one() {
        let date = Some(Birth {
            year: 1979,
            month: 5,
            day: 24,
        });
        for text in [
            "1979-05-24",
            "19790524",
            "24.05.1979",
            "24/5/1979",
            "5/24/1979",
            "1979-05-24T00:00:00Z",
        ] {
            assert_eq!(parse(text), date, "{text}");
        }
        assert_eq!(
            parse("1979"),
            Some(Birth {
                year: 1979,
                month: 0,
                day: 0
            })
        );
        assert_eq!(parse("May"), None);
    }

    #[test]
    fn packing_keeps_the_date() {
        let date = Birth {
            year: 1862,
            month: 1,
            day: 9,
        };
        assert_eq!(Birth::unpack(date.packed()), date);
    }
}

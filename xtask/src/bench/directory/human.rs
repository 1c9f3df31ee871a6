//! A human as they are, before two systems write them down.

use super::{
    company::Company,
    names::{Name, NameSource},
    pools::Culture,
    random::Random,
    roles::{DEPARTMENTS, TITLES, Title},
    shares,
};

/// A telephone number in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phone {
    pub(super) calling_code: &'static str,
    pub(super) trunk: &'static str,
    pub(super) area: &'static str,
    pub(super) subscriber: String,
}

/// Ways to write a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    E164,
    Spaced,
    National,
    Parenthesised,
    DoubleZero,
}

impl Notation {
    pub(super) const ALL: [Self; 5] = [
        Self::E164,
        Self::Spaced,
        Self::National,
        Self::Parenthesised,
        Self::DoubleZero,
    ];
}

impl Phone {
    pub(super) fn draw(source: &NameSource, random: &mut Random) -> Self {
        Self {
            calling_code: source.pool.calling_code,
            trunk: source.pool.trunk,
            area: *random.pick(source.pool.area_codes),
            subscriber: random.digits(source.pool.subscriber_digits),
        }
    }

    /// The main number of a company.
    pub(super) fn switchboard(company: &Company, source: &NameSource) -> Self {
        Self {
            calling_code: source.pool.calling_code,
            trunk: source.pool.trunk,
            area: source.pool.area_codes[0],
            subscriber: company.switchboard.clone(),
        }
    }

    pub(super) fn write(&self, notation: Notation) -> String {
        let Self {
            calling_code,
            trunk,
            area,
            subscriber,
        } = self;
        let (head, tail) = subscriber.split_at(subscriber.len() / 2);
        match notation {
            Notation::E164 => format!("+{calling_code}{area}{subscriber}"),
            Notation::Spaced => format!("+{calling_code} {area} {head} {tail}"),
            Notation::National => format!("{trunk}{area} {subscriber}"),
            Notation::Parenthesised => format!("({trunk}{area}) {head}-{tail}"),
            Notation::DoubleZero => format!("00{calling_code} {area} {head}{tail}"),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Human {
    pub(super) culture: Culture,
    pub(super) is_woman: bool,
    pub(super) given: Name,
    pub(super) middle: Option<Name>,
    pub(super) family: Name,
    pub(super) second_family: Option<Name>,
    /// Index of where their numbers and names come from.
    pub(super) source: usize,
    /// Index of the company.
    pub(super) company: usize,
    pub(super) phone: Phone,
    pub(super) extension: String,
    pub(super) title: &'static Title,
    /// Index into [`DEPARTMENTS`].
    pub(super) department: usize,
    /// Index into the cities of the company's culture.
    pub(super) city: usize,
}

impl Human {
    /// Somebody who works at one of the companies.
    pub(super) fn draw(
        company: usize,
        companies: &[Company],
        sources: &[NameSource],
        random: &mut Random,
    ) -> Self {
        let home = companies[company].home;
        let source = if random.chance(shares::LOCAL) {
            home
        } else {
            random.index(sources.len())
        };
        let names = &sources[source];
        let is_woman = random.chance(500);
        let titles: Vec<(usize, u32)> = TITLES
            .iter()
            .enumerate()
            .map(|(index, (_, weight))| (index, *weight))
            .collect();
        let given = names.draw_given(is_woman, random);
        let middle = random
            .chance(shares::HAS_MIDDLE)
            .then(|| names.draw_given(is_woman, random))
            .filter(|middle| *middle != given);
        Self {
            culture: names.pool.culture,
            is_woman,
            given,
            middle,
            family: names.draw_family(is_woman, random),
            second_family: random
                .chance(names.pool.second_family)
                .then(|| names.draw_family(is_woman, random)),
            source,
            company,
            phone: Phone::draw(&sources[home], random),
            extension: format!("{}{}", 1 + random.below(9), random.digits(3)),
            title: &TITLES[random.weighted(&titles)].0,
            department: random.index(DEPARTMENTS.len()),
            city: random.index(sources[home].cities.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Notation, Phone};

    #[test]
    fn a_number_is_written_in_every_notation() {
        let phone = Phone {
            calling_code: "49",
            trunk: "0",
            area: "30",
            subscriber: "12345678".to_owned(),
        };
        assert_eq!(
            Notation::ALL.map(|notation| phone.write(notation)),
            [
                "+493012345678",
                "+49 30 1234 5678",
                "030 12345678",
                "(030) 1234-5678",
                "0049 30 12345678"
            ]
        );
    }
}

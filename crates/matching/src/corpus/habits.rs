//! How each domain makes its addresses, learned from the addresses that follow a name.

use crate::corpus::people::{Mail, Person};
use crate::corpus::strings::TextId;
use crate::normalise::email::Pattern;

/// Addresses of no particular pattern that every domain is taken to have besides: with few
/// addresses nothing is a habit.
const DOUBT: f32 = 8.0;

/// Most bits that an unusual pattern is worth.
const MOST_BITS: f32 = 3.0;

/// Addresses by domain and pattern.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    by_domain: Vec<[u32; Pattern::COUNT]>,
}

impl Habits {
    /// Counts the addresses of some people.
    pub(crate) fn see<'a>(&mut self, people: impl Iterator<Item = Person<'a>>) {
        for mail in people.flat_map(|person| person.mails) {
            let Some(pattern) = mail.pattern else {
                continue;
            };
            let domain = mail.domain as usize;
            if self.by_domain.len() <= domain {
                self.by_domain.resize(domain + 1, [0; Pattern::COUNT]);
            }
            self.by_domain[domain][pattern as usize] += 1;
        }
    }

    /// Bits by which the same local part at two domains is news although it is made from the name:
    /// both follow a pattern that is unusual where they are.
    pub(crate) fn news(&self, one: &Mail, other: &Mail) -> f32 {
        self.unusual(one).min(self.unusual(other))
    }

    fn unusual(&self, mail: &Mail) -> f32 {
        let Some(pattern) = mail.pattern else {
            return 0.0;
        };
        let counts = self.counts(mail.domain);
        let total: u32 = counts.iter().sum();
        let own = counts[pattern as usize].saturating_sub(1);
        #[expect(clippy::cast_precision_loss, reason = "a share, to a few digits")]
        let share = (own as f32 + DOUBT / 2.0) / (total as f32 + DOUBT);
        // Half of all is what is believed of any pattern before.
        (-share.log2() - 1.0).clamp(0.0, MOST_BITS)
    }

    fn counts(&self, domain: TextId) -> [u32; Pattern::COUNT] {
        let known = self.by_domain.get(domain as usize);
        known.copied().unwrap_or([0; Pattern::COUNT])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(domain: TextId, pattern: Pattern) -> Mail {
        Mail {
            whole: 0,
            local: 0,
            domain,
            pattern: Some(pattern),
            public: false,
            undecorated: false,
        }
    }

    #[test]
    fn an_unusual_pattern_is_news_and_a_habit_is_none() {
        let mut habits = Habits {
            by_domain: vec![[0; Pattern::COUNT]; 2],
        };
        for domain in &mut habits.by_domain {
            domain[Pattern::GivenFamily as usize] = 200;
            domain[Pattern::FamilyInitial as usize] = 2;
        }
        let both = |pattern| habits.news(&mail(0, pattern), &mail(1, pattern));
        assert!(both(Pattern::FamilyInitial) > 2.0);
        assert!(both(Pattern::GivenFamily) < 0.1);
        let unknown = mail(7, Pattern::FamilyInitial);
        assert!(habits.news(&unknown, &mail(0, Pattern::FamilyInitial)) < 0.1);
    }
}

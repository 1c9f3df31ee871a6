//! Ids: 32 hexadecimal digits. Those of users and customers rise with their places, so that a
//! list in the order of ids is nearly in order already.

use crate::random::Random;

const DIGITS: &[u8] = b"0123456789abcdef";

fn digits(stream: &str, nth: usize, length: usize) -> String {
    let mut random = Random::new(0x5e7, stream, nth);
    (0..length)
        .map(|_| char::from(*random.pick(DIGITS)))
        .collect()
}

/// The id of the nth user.
pub(crate) fn user(nth: usize) -> String {
    format!(
        "{:08x}{}",
        0x06a1_0000 + nth * 0x2b3,
        digits("user", nth, 24)
    )
}

/// The id of the nth customer or company.
pub(crate) fn record(kind: &str, nth: usize) -> String {
    let stream = if kind == "company" {
        "company of customers"
    } else {
        "customer"
    };
    format!(
        "{:08x}{}",
        0x0a3f_0000 + nth * 0x2b3,
        digits(stream, nth, 24)
    )
}

/// The id of the nth row of something that clients write.
pub(crate) fn written(seed: u64, kind: &str, nth: usize) -> String {
    let mut random = Random::new(seed, kind, nth);
    (0..32).map(|_| char::from(*random.pick(DIGITS))).collect()
}

/// The id of the nth row of a small table.
pub(crate) fn made(kind: &str, nth: usize) -> String {
    digits(kind, nth, 32)
}

/// The id of a department, which follows from its name.
pub(crate) fn department(name: &str) -> String {
    digits(name, 0, 32)
}

/// An id that follows from a user's and differs from it.
pub(crate) fn derived(user: &str, what: usize) -> String {
    let (head, tail) = user.split_at(8.min(user.len()));
    let tail: String = tail.chars().rev().take(22).collect();
    format!("{head}{what:02x}{tail}")
}

/// Whether a text has the form of an id.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_ids_and_none_is_another() {
        let ids = [
            user(0),
            user(1),
            record("contact", 0),
            made("role", 0),
            derived(&user(0), 0),
            derived(&user(0), 3),
        ];
        assert!(ids.iter().all(|id| is_id(id)), "{ids:?}");
        for (nth, id) in ids.iter().enumerate() {
            assert!(!ids[nth + 1..].contains(id));
        }
    }
}

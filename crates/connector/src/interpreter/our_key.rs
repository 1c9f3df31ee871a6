//! Our key of a written record, and what is made of it.

use counterpart_model::activity::ActivityKind;
use ring::digest::{SHA256, digest};

/// A record's key as a UUID, where a vendor lets the client choose the id: always the same one
/// for a record. Version 8 of RFC 9562, by SHA-256 over kind and key; kinds share one table with
/// some vendors.
pub(super) fn uuid_of(kind: ActivityKind, key: &str) -> String {
    let hash = digest(&SHA256, format!("{} {key}", kind.as_str()).as_bytes());
    let hex = |nth: usize, byte: u8| {
        let byte = match nth {
            6 => byte & 0x0f | 0x80,
            8 => byte & 0x3f | 0x80,
            _ => byte,
        };
        let hyphen = if matches!(nth, 4 | 6 | 8 | 10) {
            "-"
        } else {
            ""
        };
        format!("{hyphen}{byte:02x}")
    };
    let bytes = hash.as_ref().iter().take(16).enumerate();
    bytes.map(|(nth, byte)| hex(nth, *byte)).collect()
}

/// Whether a field holds our key: it is the key, or the key stands in it by itself.
pub(super) fn holds_key(field: &str, key: &str) -> bool {
    field
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .any(|word| word == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_uuid_for_each_kind_of_record() {
        let call = uuid_of(ActivityKind::Call, "call-1");
        assert_eq!(call, uuid_of(ActivityKind::Call, "call-1"));
        assert_ne!(call, uuid_of(ActivityKind::Task, "call-1"));
        assert_ne!(call, uuid_of(ActivityKind::Call, "call-2"));
        let lengths: Vec<_> = call.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&call[14..15], "8", "the version");
        assert!("89ab".contains(&call[19..20]), "the variant");
    }

    #[test]
    fn a_longer_key_does_not_hold_a_shorter_one() {
        assert!(holds_key("Counterpart: call-1, by Ann", "call-1"));
        assert!(!holds_key("call-10", "call-1"));
    }
}

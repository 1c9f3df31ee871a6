//! Until when a certificate is valid: the one thing that is read of it here. That it is valid at
//! all was seen when the connection was made.

use counterpart_model::Timestamp;

/// Tags of ASN.1 (X.690).
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// The explicit tag of a certificate's version, which may be left out.
const VERSION: u8 = 0xa0;

/// The end of a certificate's validity (RFC 5280, section 4.1.2.5); `None` if these bytes are no
/// certificate.
pub(crate) fn not_after(der: &[u8]) -> Option<Timestamp> {
    let mut certificate = Reader(Reader(der).take(SEQUENCE)?);
    let mut body = Reader(certificate.take(SEQUENCE)?);
    if body.0.first() == Some(&VERSION) {
        body.take(VERSION)?;
    }
    body.take(INTEGER)?; // serial number
    body.take(SEQUENCE)?; // algorithm of the signature
    body.take(SEQUENCE)?; // issuer
    let mut validity = Reader(body.take(SEQUENCE)?);
    validity.any()?; // not before
    let (tag, text) = validity.any()?;
    instant(tag, str::from_utf8(text).ok()?)
}

/// Reads one value after the other (X.690, DER).
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next value, which must have this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (found, value) = self.any()?;
        (found == tag).then_some(value)
    }

    /// The next value with its tag.
    fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first & 0x80 != 0 {
            let (digits, behind) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if digits.len() > size_of::<u32>() {
                return None;
            }
            let fold = |length, digit: &u8| length << 8 | usize::from(*digit);
            length = digits.iter().fold(0, fold);
            rest = behind;
        }
        let (value, behind) = rest.split_at_checked(length)?;
        self.0 = behind;
        Some((tag, value))
    }
}

/// An instant of a certificate: `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`. Two digits from 50 on are
/// of the last century.
fn instant(tag: u8, text: &str) -> Option<Timestamp> {
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let year: u16 = year.parse().ok()?;
            (
                if year < 50 {
                    2_000 + year
                } else {
                    1_900 + year
                },
                rest,
            )
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let digits = rest.strip_suffix('Z')?;
    if digits.len() != 10 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| &digits[at..at + 2];
    let spelled = format!(
        "{year:04}-{}-{}T{}:{}:{}Z",
        part(0),
        part(2),
        part(4),
        part(6),
        part(8)
    );
    spelled.parse().ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(last_year: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(vec!["crm.example".to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let signed = params.self_signed(&key).expect("a certificate");
        signed.der().to_vec()
    }

    #[test]
    fn the_end_of_a_certificate_is_read_in_both_spellings() {
        for (year, end) in [
            (2030, "2030-12-31T00:00:00Z"),
            (2090, "2090-12-31T00:00:00Z"),
        ] {
            let read = not_after(&certificate(year));
            assert_eq!(read, end.parse().ok(), "{year}");
        }
    }

    #[test]
    fn damaged_bytes_are_no_certificate() {
        let whole = certificate(2030);
        for end in 0..whole.len() {
            // Nothing to see but that it does not panic: the beginning may hold the date already.
            let _ = not_after(&whole[..end]);
        }
        assert_eq!(not_after(&[]), None);
        assert_eq!(not_after(&[SEQUENCE, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(not_after(b"-----BEGIN CERTIFICATE-----"), None);
    }
}

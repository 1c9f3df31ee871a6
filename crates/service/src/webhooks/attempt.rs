//! One attempt: sending a message, and what follows from the answer.

use std::time::Duration;

use counterpart_model::webhook::{ANSWER_KEPT, RETRY_AFTER};
use counterpart_model::{Code, Entropy, Timestamp, entropy};
use counterpart_outbound::{Request, Url, retry_after};
use counterpart_signing::{ID_HEADER, SIGNATURE_HEADER, Secret, TIMESTAMP_HEADER, sign};

use super::PATIENCE;
use crate::{Error, Result, Service};

/// A message to a receiver.
pub(super) struct Message<'a> {
    /// Where it goes.
    pub(super) url: &'a str,
    /// Its id, the same at every attempt.
    pub(super) id: &'a str,
    /// Its JSON.
    pub(super) body: &'a str,
    /// What it is signed with.
    pub(super) secrets: &'a [Secret],
}

/// What came of sending a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status, if an answer came.
    pub(super) status: Option<u16>,
    /// Why none came.
    pub(super) code: Option<Code>,
    /// The beginning of the answer, or why none came.
    pub(super) text: String,
    /// How long the receiver asks to wait.
    pub(super) wait: Option<Duration>,
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        self.status
            .is_some_and(|status| (200..300).contains(&status))
    }
}

/// What follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// The receiver has it.
    Done,
    /// Another attempt, then.
    Again(Timestamp),
    /// None any more, because.
    Never(String),
}

impl Service {
    /// Sends a message and waits for the answer, not longer than [`PATIENCE`].
    pub(super) async fn post(&self, message: &Message<'_>) -> Result<Answer> {
        let url = Url::parse(message.url).map_err(Error::internal)?;
        let now = self.now();
        let seconds = now.as_micros() / 1_000_000;
        let secrets: Vec<&Secret> = message.secrets.iter().collect();
        let signature = sign(&secrets, message.id, seconds, message.body.as_bytes());
        let request = Request::post(url)
            .body("application/json", message.body.as_bytes().to_vec())
            .header(ID_HEADER, message.id)
            .header(TIMESTAMP_HEADER, &seconds.to_string())
            .header(SIGNATURE_HEADER, &signature);
        let sent = self.parts.client.send(request);
        Ok(
            match tokio::time::timeout(Duration::from_secs(PATIENCE), sent).await {
                Ok(Ok(response)) => Answer {
                    status: Some(response.status()),
                    code: None,
                    text: response.excerpt(ANSWER_KEPT),
                    wait: retry_after(&response, now),
                },
                Ok(Err(error)) => Answer {
                    status: None,
                    code: Some(error.code()),
                    text: error.to_string(),
                    wait: None,
                },
                Err(_) => Answer {
                    status: None,
                    code: Some(Code::ConnectionTimeout),
                    text: format!("no answer within {PATIENCE} seconds"),
                    wait: None,
                },
            },
        )
    }
}

/// What follows from an answer to an attempt, `failed` of which had failed before.
pub(super) fn next(answer: &Answer, failed: u32, now: Timestamp, entropy: &dyn Entropy) -> Next {
    if answer.is_success() {
        return Next::Done;
    }
    if answer.status == Some(410) {
        let because = "its receiver answered 410 Gone: it wants no more events";
        return Next::Never(because.to_owned());
    }
    let place = usize::try_from(failed).unwrap_or(usize::MAX);
    let Some(delay) = RETRY_AFTER.get(place) else {
        let last = match answer.status {
            Some(status) => format!("status {status}"),
            None => answer.text.clone(),
        };
        let attempts = RETRY_AFTER.len() + 1;
        return Next::Never(format!("{attempts} attempts failed, the last with: {last}"));
    };
    let asked = answer.wait.unwrap_or_default().as_secs();
    let delay = (*delay).max(i64::try_from(asked).unwrap_or(i64::MAX));
    let at = now.plus_seconds(delay).as_micros();
    Next::Again(Timestamp::from_micros(
        at.saturating_add(jitter(delay, entropy)),
    ))
}

/// Up to a tenth of a delay, in microseconds, so that those who failed together do not come back
/// together.
fn jitter(delay: i64, entropy: &dyn Entropy) -> i64 {
    let most = delay.saturating_mul(100_000).max(1);
    let random = i64::from(u32::from_be_bytes(entropy::bytes(entropy)));
    random.saturating_mul(1_000).rem_euclid(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    fn answer(status: u16) -> Answer {
        Answer {
            status: Some(status),
            code: None,
            text: String::new(),
            wait: None,
        }
    }

    const NOW: Timestamp = Timestamp::from_micros(0);

    #[test]
    fn the_schedule_is_the_published_one_and_ends() {
        let mut delays = Vec::new();
        let because = loop {
            let failed = u32::try_from(delays.len()).expect("few");
            match next(&answer(500), failed, NOW, &Fixed) {
                Next::Again(at) => delays.push(at.seconds_since(NOW)),
                Next::Never(because) => break because,
                Next::Done => panic!("500 is no success"),
            }
        };
        let (minute, hour) = (60, 3_600);
        let published = [
            5,
            5 * minute,
            30 * minute,
            2 * hour,
            5 * hour,
            10 * hour,
            14 * hour,
            20 * hour,
            24 * hour,
        ];
        assert_eq!(delays, published);
        assert_eq!(because, "10 attempts failed, the last with: status 500");
    }

    #[test]
    fn success_is_2xx_and_gone_is_gone() {
        for status in [200, 202, 204, 299] {
            assert_eq!(next(&answer(status), 9, NOW, &Fixed), Next::Done);
        }
        for status in [199, 304, 400, 404, 429] {
            let again = next(&answer(status), 0, NOW, &Fixed);
            assert_eq!(again, Next::Again(NOW.plus_seconds(5)), "{status}");
        }
        assert!(matches!(next(&answer(410), 0, NOW, &Fixed), Next::Never(_)));
    }

    #[test]
    fn a_receiver_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
        let asks = |seconds| Answer {
            wait: Some(Duration::from_secs(seconds)),
            ..answer(429)
        };
        let again = |seconds| Next::Again(NOW.plus_seconds(seconds));
        assert_eq!(next(&asks(90), 0, NOW, &Fixed), again(90));
        assert_eq!(next(&asks(1), 1, NOW, &Fixed), again(300));
    }

    #[test]
    fn the_jitter_is_at_most_a_tenth() {
        struct Counting(std::sync::atomic::AtomicU8);
        impl Entropy for Counting {
            fn fill(&self, buffer: &mut [u8]) {
                for byte in buffer {
                    *byte = self.0.fetch_add(97, std::sync::atomic::Ordering::Relaxed);
                }
            }
        }
        let entropy = Counting(std::sync::atomic::AtomicU8::new(1));
        let seen: std::collections::BTreeSet<i64> =
            (0..64).map(|_| jitter(300, &entropy)).collect();
        assert!(seen.len() > 10, "it differs");
        assert!(seen.iter().all(|micros| (0..30_000_000).contains(micros)));
    }
}

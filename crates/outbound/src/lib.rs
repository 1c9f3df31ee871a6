//! The only HTTP client: address guard, timeouts, size caps, rate limits, redaction; the only place that opens sealed secrets.

//! The REST edge: OpenAPI 3.1, problems of RFC 9457.

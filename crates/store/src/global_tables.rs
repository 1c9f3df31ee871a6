//! The tables that do not belong to one organization.

/// Every table whose key does not start with `organization_id`. All others do, and every query
/// on them carries it. On a cluster these become reference tables.
pub const GLOBAL_TABLES: &[&str] = &[
    "account",
    "session",
    "api_token",
    "sign_in_failure",
    "setup_link",
    "refinery_schema_history",
];

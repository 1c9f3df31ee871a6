//! Odoo against its emulator, in both dialects, and the real one.
//!
//! A real Odoo takes root and minutes to install: its tests are those that `make test-odoo` runs.

use async_trait::async_trait;
use counterpart_conformance::Emulated;
use counterpart_connector::kit::{Bench, BenchError, CHECKS, Stand, Verdict, run};

use crate::emulated;

/// What Odoo has not.
const HAS_NOT: [&str; 6] = [
    // It may be anybody's account that a connection signs in by.
    "the_connecting_user_is_no_person",
    "a_record_is_shown_on_a_screen",
    "a_call_is_placed_from_a_users_phone",
    "the_allowance_that_is_left_is_known",
    "a_webhook_is_believed_when_it_is_real",
    // The key comes with every request.
    "an_ended_session_is_renewed",
];

#[tokio::test]
async fn odoo_conforms_in_json_rpc_without_modules() {
    emulated("odoo").conforms(&HAS_NOT).await;
}

/// Connections with these settings besides the emulator's.
struct With(Emulated, &'static [(&'static str, &'static str)]);

#[async_trait]
impl Stand for With {
    async fn bench(
        &self,
        people: usize,
        page_size: Option<usize>,
    ) -> Result<Box<dyn Bench>, BenchError> {
        let bench = self.0.connect(people, page_size, self.1).await?;
        Ok(Box::new(bench))
    }

    async fn bench_by(&self, people: usize, way: &str) -> Result<Box<dyn Bench>, BenchError> {
        self.0.bench_by(people, way).await
    }
}

async fn conforms_with(settings: &'static [(&'static str, &'static str)]) {
    let stand = With(emulated("odoo"), settings);
    let (mut bad, mut skipped) = (Vec::new(), Vec::new());
    for check in CHECKS {
        match run(*check, &stand).await {
            Verdict::Good => {}
            Verdict::Skipped(_) => skipped.push(check.name),
            Verdict::Bad(finding) => bad.push(format!("{}: {finding}", check.name)),
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!(skipped, HAS_NOT);
}

#[tokio::test]
async fn odoo_conforms_in_json_rpc_with_phone_calls() {
    conforms_with(&[("calls", "phone_calls")]).await;
}

#[tokio::test]
async fn odoo_conforms_in_json_2() {
    conforms_with(&[("sign_in", "json_2"), ("database", "northwind19")]).await;
}

#[tokio::test]
async fn odoo_conforms_in_json_2_with_phone_calls() {
    conforms_with(&[("sign_in", "json_2"), ("calls", "phone_calls")]).await;
}

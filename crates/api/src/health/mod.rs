//! Whether the service works, for whoever watches or balances it. Needs no token and tells
//! nothing else.

mod live;
mod ready;

use counterpart_service::Service;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes, outside of `/api`.
pub(crate) fn routes() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(live::healthz))
        .routes(routes!(ready::readyz))
}

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`; anything else is a problem.
    #[schema(example = "ok")]
    status: &'static str,
    /// The version of the program.
    version: &'static str,
}

impl Health {
    const OK: Self = Self {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    };
}

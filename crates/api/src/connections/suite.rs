//! `POST /connections/suite`

use std::collections::BTreeMap;
use std::fmt;

use axum::Json;
use counterpart_service::connections::{SuiteInput, SuiteProduct};
use serde::Deserialize;
use utoipa::ToSchema;

use super::create::visible;
use super::{Connection, Credential, opened};
use crate::caller::Caller;
use crate::failure::Result;
use crate::input::Body;
use crate::paging::PageOf;
use crate::words::Environment;

/// The form of a suite: one sign-in for several products of one vendor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuiteWrite {
    /// The suite, by the name that its providers tell.
    suite: String,
    /// The products that are wanted, each once.
    products: Vec<SuiteProductWrite>,
    /// Whether they are for real; found out if nothing is said and the vendor tells.
    environment: Option<Environment>,
    /// Settings of all. A product takes those that it has.
    #[serde(default)]
    settings: BTreeMap<String, String>,
    /// Credentials of all. Write-only.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>, write_only)]
    credentials: BTreeMap<String, Credential>,
}

/// A product that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuiteProductWrite {
    /// Its provider.
    provider: String,
    /// What the connection is called; the product's title, and a number where that is taken, if
    /// nothing is said.
    name: Option<String>,
    /// Settings of this product alone. They come before those of all.
    #[serde(default)]
    settings: BTreeMap<String, String>,
}

impl fmt::Debug for SuiteWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SuiteWrite")
            .field("suite", &self.suite)
            .field("products", &self.products)
            .field("credentials", &self.credentials.keys())
            .finish_non_exhaustive()
    }
}

/// Signs in once and saves a connection for every product that is wanted.
///
/// What is wrong with any of the forms is told before a one-time code is used up. From then on
/// every connection is kept, and its health says how it is. Where somebody consents in a browser,
/// begin a consent for the first connection `with` the others.
#[utoipa::path(
    post,
    path = "/connections/suite",
    tag = "Connections",
    request_body = SuiteWrite,
    responses((
        status = 200,
        description = "The new connections, in the order of the products",
        body = PageOf<Connection>
    ))
)]
pub(super) async fn connect_suite(
    caller: Caller,
    Body(input): Body<SuiteWrite>,
) -> Result<Json<PageOf<Connection>>> {
    let products = input.products.into_iter().map(|product| SuiteProduct {
        provider: product.provider,
        name: product.name.unwrap_or_default(),
        settings: product.settings,
    });
    let wanted = SuiteInput {
        suite: input.suite,
        products: products.collect(),
        environment: input.environment.map(counterpart_model::Environment::from),
        settings: input.settings,
        credentials: opened(input.credentials),
    };
    let Caller { service, actor } = &caller;
    let connections = service.connect_suite(actor, wanted).await?;
    let shown = connections.into_iter().map(|it| visible(it).into());
    Ok(Json(PageOf::all(shown)))
}

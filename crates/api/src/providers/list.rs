//! `GET /providers`

use axum::Json;

use super::Provider;
use crate::caller::Caller;
use crate::failure::Result;
use crate::paging::PageOf;

/// The kinds of system that can be connected.
///
/// With everything a form about one needs, in the vendor's words. All on one page.
#[utoipa::path(
    get,
    path = "/providers",
    tag = "Connections",
    responses((status = 200, description = "The providers, by name", body = PageOf<Provider>))
)]
pub(super) async fn list_providers(caller: Caller) -> Result<Json<PageOf<Provider>>> {
    let connectors = caller.service.connectors();
    let providers = connectors.all().map(|it| Provider::from(it.as_ref()));
    Ok(Json(PageOf::all(providers)))
}

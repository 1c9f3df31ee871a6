//! From a host's name to the addresses the connection may be made to.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::address::{AddressGuard, Refusal};

/// Resolves a name once and lets nothing through that the guard refuses. The HTTP library
/// connects to exactly what comes out of here, so a name that leads elsewhere a moment later
/// gains nothing.
pub(crate) struct GuardedResolver {
    guard: Arc<AddressGuard>,
    secure: bool,
}

/// Why a name led to no address that may be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResolveError {
    /// The name system knows no address, or did not answer.
    #[error("the name does not resolve")]
    Unknown(#[source] io::Error),
    /// The name has no address.
    #[error("the name has no address")]
    Empty,
    /// One of its addresses is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl GuardedResolver {
    pub(crate) const fn new(guard: Arc<AddressGuard>, secure: bool) -> Self {
        Self { guard, secure }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.guard);
        let secure = self.secure;
        Box::pin(async move {
            let checked = look_up(&guard, secure, name.as_str()).await?;
            Ok(Box::new(checked.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name, without a port, which the HTTP library puts in; or why they may not be
/// used.
pub(crate) async fn look_up(
    guard: &AddressGuard,
    secure: bool,
    name: &str,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let found = tokio::net::lookup_host((name, 0))
        .await
        .map_err(ResolveError::Unknown)?
        .collect();
    check_all(guard, secure, found)
}

/// All of the addresses, or a refusal if one of them is refused: a name that leads inside and
/// outside at once is a misconfiguration or an attack, and which of its addresses answers first
/// must not decide which.
fn check_all(
    guard: &AddressGuard,
    secure: bool,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, ResolveError> {
    if found.is_empty() {
        return Err(ResolveError::Empty);
    }
    for address in &found {
        guard.check(address.ip(), secure)?;
    }
    Ok(found)
}

/// Checks an address that stands in the URL itself: the HTTP library does not ask the resolver
/// about those. Other spellings of IPv4 addresses (decimal, octal, hexadecimal, short) were
/// turned into addresses when the URL was parsed.
pub(crate) fn check_literal(guard: &AddressGuard, url: &Url, secure: bool) -> Result<(), Refusal> {
    let literal = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) | None => return Ok(()),
    };
    guard.check(literal, secure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts
            .iter()
            .map(|text| SocketAddr::new(text.parse().expect("an address"), 443))
            .collect()
    }

    #[test]
    fn one_inner_address_among_public_ones_refuses_the_name() {
        let guard = AddressGuard::default();
        let mixed = addresses(&["8.8.8.8", "2606:4700::1111", "10.0.0.1"]);
        assert!(matches!(
            check_all(&guard, true, mixed),
            Err(ResolveError::Refused(Refusal::Reserved { .. }))
        ));
        let public = addresses(&["8.8.8.8", "2606:4700::1111"]);
        assert_eq!(
            check_all(&guard, true, public).ok().map(|all| all.len()),
            Some(2)
        );
    }

    #[test]
    fn a_name_without_addresses_is_no_success() {
        let guard = AddressGuard::default();
        assert!(matches!(
            check_all(&guard, true, Vec::new()),
            Err(ResolveError::Empty)
        ));
    }

    #[test]
    fn every_spelling_of_a_loopback_address_is_checked() {
        let guard = AddressGuard::default();
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0x7f.1",
            "127.1",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:0:0:1]",
            "0",
        ] {
            let url = Url::parse(&format!("https://{host}/")).expect("a URL");
            assert!(check_literal(&guard, &url, true).is_err(), "{host}");
        }
    }
}

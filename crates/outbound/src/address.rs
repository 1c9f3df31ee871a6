//! Which addresses a request may go to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A range of IP addresses that an operator allows, written like `10.0.0.0/8`, `fd00::/8` or, for
/// a single address, `10.1.2.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

/// The text is no range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a range of addresses; write it like 10.0.0.0/8 or fd00::/8, a single address like 10.1.2.3"
)]
pub struct ParseNetworkError(pub String);

impl Network {
    /// Whether the address lies in the range. An IPv4 address in its IPv6 form
    /// (`::ffff:10.0.0.1`) counts as the IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = ParseNetworkError;

    fn from_str(text: &str) -> Result<Self, ParseNetworkError> {
        let text = text.trim();
        let net = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| ParseNetworkError(text.to_owned()))?;
        Ok(Self(canonical(net).trunc()))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A range inside `::ffff:0:0/96` as the IPv4 range it stands for, since addresses are compared
/// in that form.
fn canonical(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net };
    match (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) {
        (Some(v4), Some(prefix)) => Ipv4Net::new(v4, prefix).map_or(net, IpNet::V4),
        _ => net,
    }
}

/// Why an address is refused: what it is, for example `a loopback address`.
pub(crate) type Kind = &'static str;

/// The guard's decision about addresses, with what the operator allows.
#[derive(Debug, Clone, Default)]
pub(crate) struct AddressGuard {
    allowed: Vec<Network>,
}

/// An address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// It lies in a range that is not part of the public internet.
    #[error(
        "it leads to {address}, {kind}; correct the address, or allow its range with --allow-address {address} if it is meant"
    )]
    Reserved {
        /// The address that was refused.
        address: IpAddr,
        /// What it is.
        kind: Kind,
    },
    /// Plain http, and the address is not allowed by name.
    #[error(
        "it uses plain http, which would send the credentials readably to {address}; use https, or allow the range with --allow-address {address} if it is in your own network"
    )]
    PlainHttp {
        /// The address that was refused.
        address: IpAddr,
    },
}

impl AddressGuard {
    pub(crate) const fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// Decides about one address; `secure` says whether TLS protects what is sent.
    pub(crate) fn check(&self, address: IpAddr, secure: bool) -> Result<(), Refusal> {
        let address = address.to_canonical();
        if self.allowed.iter().any(|network| network.contains(address)) {
            return Ok(());
        }
        if let Some(kind) = reserved(address) {
            return Err(Refusal::Reserved { address, kind });
        }
        if secure {
            Ok(())
        } else {
            Err(Refusal::PlainHttp { address })
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: u16, second: u16, third: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, third, 0, 0, 0, 0, 0), prefix)
}

/// What is not the public internet, after the IANA IPv4 Special-Purpose Address Registry. The
/// last line is no registered range: a public address at which a cloud answers its own machines.
const RESERVED_V4: &[(Ipv4Net, Kind)] = &[
    (v4(0, 0, 0, 0, 8), "an unspecified address"),
    (v4(10, 0, 0, 0, 8), "a private address"),
    (v4(100, 64, 0, 0, 10), "a carrier's shared address"),
    (v4(127, 0, 0, 0, 8), "a loopback address"),
    (v4(169, 254, 0, 0, 16), "a link-local address"),
    (v4(172, 16, 0, 0, 12), "a private address"),
    (v4(192, 0, 0, 0, 24), "a protocol's reserved address"),
    (v4(192, 0, 2, 0, 24), "a documentation address"),
    (v4(192, 88, 99, 0, 24), "a relay's reserved address"),
    (v4(192, 168, 0, 0, 16), "a private address"),
    (v4(198, 18, 0, 0, 15), "a benchmarking address"),
    (v4(198, 51, 100, 0, 24), "a documentation address"),
    (v4(203, 0, 113, 0, 24), "a documentation address"),
    (v4(224, 0, 0, 0, 4), "a multicast address"),
    (v4(240, 0, 0, 0, 4), "a reserved or broadcast address"),
    (v4(168, 63, 129, 16, 32), "a cloud's internal address"),
];

/// The IPv6 ranges in which global addresses are given out (RFC 4291, IANA IPv6 Address Space).
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// What lies inside the global range and is not the public internet, after the IANA IPv6
/// Special-Purpose Address Registry.
const RESERVED_V6: &[(Ipv6Net, Kind)] = &[
    (v6(0x2001, 0, 0, 23), "a protocol's reserved address"),
    (v6(0x2001, 0xdb8, 0, 32), "a documentation address"),
    (v6(0x2002, 0, 0, 16), "a 6to4 tunnel address"),
    (v6(0x3fff, 0, 0, 20), "a documentation address"),
];

/// The translation prefix behind which DNS64 puts IPv4 addresses (RFC 6052).
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);

/// What an address outside the public internet is; `None` for a public one.
fn reserved(address: IpAddr) -> Option<Kind> {
    match address {
        IpAddr::V4(address) => reserved_v4(address),
        IpAddr::V6(address) => reserved_v6(address),
    }
}

fn reserved_v4(address: Ipv4Addr) -> Option<Kind> {
    RESERVED_V4
        .iter()
        .find(|(net, _)| net.contains(&address))
        .map(|(_, kind)| *kind)
}

fn reserved_v6(address: Ipv6Addr) -> Option<Kind> {
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return reserved_v4(Ipv4Addr::new(a, b, c, d));
    }
    if GLOBAL_V6.contains(&address) {
        return RESERVED_V6
            .iter()
            .find(|(net, _)| net.contains(&address))
            .map(|(_, kind)| *kind);
    }
    Some(if address.is_loopback() {
        "a loopback address"
    } else if address.is_unspecified() {
        "an unspecified address"
    } else if address.is_multicast() {
        "a multicast address"
    } else if address.is_unique_local() {
        "a private address"
    } else if address.is_unicast_link_local() {
        "a link-local address"
    } else {
        "a reserved address"
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn public_addresses_pass_over_tls() {
        let guard = AddressGuard::default();
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert_eq!(guard.check(address(text), true), Ok(()), "{text}");
        }
    }

    #[test]
    fn every_way_to_write_an_inner_address_is_refused() {
        let guard = AddressGuard::default();
        for text in [
            "127.0.0.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::7f00:1",
            "fe80::1",
            "fec0::1",
            "fd00:ec2::254",
            "ff02::1",
            "100::1",
            "5f00::1",
            "169.254.169.254",
            "100.100.100.200",
            "168.63.129.16",
            "255.255.255.255",
        ] {
            assert!(guard.check(address(text), true).is_err(), "{text}");
        }
    }

    #[test]
    fn plain_http_goes_only_to_allowed_ranges() {
        let guard = AddressGuard::new(vec!["10.1.0.0/16".parse().expect("a range")]);
        assert_eq!(guard.check(address("10.1.2.3"), false), Ok(()));
        assert!(matches!(
            guard.check(address("8.8.8.8"), false),
            Err(Refusal::PlainHttp { .. })
        ));
    }

    #[test]
    fn an_allowed_range_admits_the_mapped_form_and_nothing_beside_it() {
        for range in ["10.0.0.7/8", "::ffff:10.0.0.0/104"] {
            let network: Network = range.parse().expect("a range");
            assert_eq!(network.to_string(), "10.0.0.0/8");
            let guard = AddressGuard::new(vec![network]);
            assert_eq!(guard.check(address("::ffff:10.9.9.9"), true), Ok(()));
            assert!(guard.check(address("127.0.0.1"), true).is_err());
        }
    }

    #[test]
    fn a_single_address_is_a_range_of_one() {
        let network: Network = "192.168.1.5".parse().expect("an address");
        assert!(network.contains(address("192.168.1.5")));
        assert!(!network.contains(address("192.168.1.6")));
        assert!("192.168.1".parse::<Network>().is_err());
        assert!("10.0.0.0/33".parse::<Network>().is_err());
    }

    proptest! {
        #[test]
        fn no_address_of_a_reserved_v4_range_passes(range in 0..RESERVED_V4.len(), host: u32, secure: bool) {
            let (net, _) = RESERVED_V4[range];
            let inside = u32::from(net.network()) | (host & u32::from(net.hostmask()));
            let v4 = Ipv4Addr::from(inside);
            let guard = AddressGuard::default();
            prop_assert!(guard.check(v4.into(), secure).is_err(), "{v4}");
            prop_assert!(guard.check(v4.to_ipv6_mapped().into(), secure).is_err(), "mapped {v4}");
            let [a, b, c, d] = v4.octets();
            let nat64 = Ipv6Addr::from([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d]);
            prop_assert!(guard.check(nat64.into(), secure).is_err(), "{nat64}");
        }

        #[test]
        fn no_v4_address_passes_that_the_standard_library_calls_special(bits: u32) {
            let v4 = Ipv4Addr::from(bits);
            let special = v4.is_private() || v4.is_loopback() || v4.is_link_local()
                || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation()
                || v4.is_unspecified();
            let refused = AddressGuard::default().check(v4.into(), true).is_err();
            prop_assert!(refused || !special, "{v4}");
        }

        #[test]
        fn no_v6_address_outside_the_global_range_passes(bits: u128) {
            let v6 = Ipv6Addr::from(bits);
            prop_assume!(!GLOBAL_V6.contains(&v6) && !NAT64.contains(&v6));
            prop_assume!(v6.to_ipv4_mapped().is_none());
            prop_assert!(AddressGuard::default().check(v6.into(), true).is_err(), "{v6}");
        }

        #[test]
        fn no_address_of_a_reserved_v6_range_passes(range in 0..RESERVED_V6.len(), host: u128) {
            let (net, _) = RESERVED_V6[range];
            let inside = u128::from(net.network()) | (host & u128::from(net.hostmask()));
            let v6 = Ipv6Addr::from(inside);
            prop_assert!(AddressGuard::default().check(v6.into(), true).is_err(), "{v6}");
        }
    }
}

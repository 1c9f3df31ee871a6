//! How connections are secured.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};

use crate::error::OutboundError;

/// HTTP/1.1 alone is offered: pages are read one after the other, which gains nothing from
/// HTTP/2.
const PROTOCOL: &[u8] = b"http/1.1";

/// TLS 1.2 or 1.3 with Mozilla's certificate authorities and those in `extra_roots` (PEM; empty
/// for none).
pub(crate) fn client_config(extra_roots: &[u8]) -> Result<ClientConfig, OutboundError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    add_roots(&mut roots, extra_roots)?;
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| OutboundError::InvalidOptions {
            reason: error.to_string(),
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    Ok(config)
}

fn add_roots(roots: &mut RootCertStore, pem: &[u8]) -> Result<(), OutboundError> {
    if pem.is_empty() {
        return Ok(());
    }
    let invalid = |reason: &str| OutboundError::InvalidOptions {
        reason: format!(
            "the file of extra certificate authorities {reason}; give certificates in PEM form"
        ),
    };
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| invalid("is damaged"))?;
        roots
            .add(certificate)
            .map_err(|_| invalid("holds a certificate that cannot be read"))?;
        found = true;
    }
    if found {
        Ok(())
    } else {
        Err(invalid("holds no certificate"))
    }
}

/// What a failed handshake means, in words for somebody who runs a service.
pub(crate) fn explain(error: &Error) -> String {
    let Error::InvalidCertificate(certificate) = error else {
        return match error {
            Error::InvalidMessage(_) | Error::PeerIncompatible(_) => {
                "the other side does not speak TLS 1.2 or 1.3 on this port".to_owned()
            }
            other => other.to_string(),
        };
    };
    match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet; is this machine's clock right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is issued for another name".to_owned()
        }
        CertificateError::UnknownIssuer => {
            "its certificate is self-signed or comes from an authority that is not known".to_owned()
        }
        CertificateError::Revoked => "its certificate was revoked".to_owned(),
        other => format!("its certificate is not valid: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused_with_a_remedy() {
        for pem in [
            "not a certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let error = client_config(pem.as_bytes()).expect_err("no authority in it");
            assert!(error.to_string().contains("PEM"), "{error}");
        }
    }
}

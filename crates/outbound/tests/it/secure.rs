//! Connections over TLS.

use std::sync::Arc;

use counterpart_model::Code;
use counterpart_outbound::{OutboundError, Request, Response};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::server::{answer, client_with, url};

/// A certificate authority of our own.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    /// Serves one connection after another with a certificate for `name`, valid until the end of
    /// the year `last_year`; every one gets a 200. Says on which port.
    async fn serve(&self, name: &str, last_year: i32) -> u16 {
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        let private = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .expect("a pair");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust the certificate leaves here.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut head = [0; 4_096];
                if stream.read(&mut head).await.is_ok() {
                    let _ = stream.write_all(&answer(200, "", b"{}")).await;
                }
            }
        });
        port
    }

    async fn get(&self, host: &str, port: u16) -> Result<Response, OutboundError> {
        let roots = self.0.pem();
        let client = client_with(&["127.0.0.0/8", "::1"], |options| {
            options.extra_roots = roots.into_bytes();
        });
        let url = url(&format!("https://{host}:{port}/"));
        client.send(Request::get(url)).await
    }
}

#[tokio::test]
async fn an_authority_of_the_operator_is_trusted() {
    let authority = Authority::new("ours");
    for host in ["127.0.0.1", "localhost"] {
        let port = authority.serve(host, 2090).await;
        let response = authority.get(host, port).await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.certificate_ends(),
            "2090-12-31T00:00:00Z".parse().ok(),
            "the answer says until when"
        );
    }
}

#[tokio::test]
async fn every_fault_of_a_certificate_is_told_apart() {
    let ours = Authority::new("ours");
    for (authority, name, last_year, told) in [
        (&ours, "127.0.0.1", 2021, "has expired"),
        (&ours, "crm.example", 2090, "issued for another name"),
        (&Authority::new("theirs"), "127.0.0.1", 2090, "self-signed"),
    ] {
        let port = authority.serve(name, last_year).await;
        let error = ours.get("127.0.0.1", port).await.expect_err(told);
        assert_eq!(error.code(), Code::ConnectionTls, "{error}");
        assert!(error.to_string().contains(told), "{error}");
    }
}

#[tokio::test]
async fn a_port_without_tls_is_no_secure_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut hello = [0; 4_096];
            if stream.read(&mut hello).await.is_ok() {
                let _ = stream.write_all(&answer(400, "", b"speak http")).await;
            }
        }
    });
    let error = Authority::new("ours")
        .get("127.0.0.1", port)
        .await
        .expect_err("plain http");
    assert_eq!(error.code(), Code::ConnectionTls, "{error}");
    assert!(error.to_string().contains("does not speak TLS"), "{error}");
}

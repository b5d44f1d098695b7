//! HTTP client of AWS's services: TLS by rustls, proxies of the environment, and the certificate authorities that are
//! trusted: a configured CA bundle (AWS SDKs and Tools Reference Guide: general configuration settings, `ca_bundle`),
//! or else the machine's.

use aws_config::SdkConfig;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::service_setting::setting;
use crate::error::{Error, Result, VARIABLE_INVALID};
use crate::names::sdk;

/// A client that trusts the machine's authorities.
pub(super) fn trusting_the_machine() -> SharedHttpClient {
    client(TlsContext::default())
}

/// A client that trusts the configured bundle; none where none is configured.
pub(super) fn trusting_the_bundle(config: &SdkConfig) -> Result<Option<SharedHttpClient>> {
    let Some(path) = setting(config, sdk::S3_SERVICE, sdk::CA_BUNDLE, sdk::CA_BUNDLE_PROFILE) else {
        return Ok(None);
    };
    let invalid = |cause: String| Error::new(&VARIABLE_INVALID, sdk::CA_BUNDLE, format!("{path}: {cause}"));
    let bundle = std::fs::read(&path).map_err(|error| invalid(error.to_string()))?;
    let certificates = usable(&bundle);
    if certificates.is_empty() {
        return Err(invalid("it holds no certificate in PEM format".to_owned()));
    }
    let mut trusted = TrustStore::empty();
    for certificate in certificates {
        trusted = trusted.with_pem_certificate(certificate);
    }
    let context = TlsContext::builder().with_trust_store(trusted).build();
    Ok(Some(client(context.map_err(|error| invalid(error.to_string()))?)))
}

fn client(context: TlsContext) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone())
            .proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    })
}

/// The certificates of a bundle that the TLS library takes, each in PEM. Bundles hold old ones, too, that it refuses.
fn usable(bundle: &[u8]) -> Vec<String> {
    let mut store = RootCertStore::empty();
    let found = CertificateDer::pem_slice_iter(bundle).filter_map(|found| found.ok());
    let usable = found.filter(|certificate| store.add(certificate.clone()).is_ok());
    usable.map(|certificate| pem(&certificate)).collect()
}

fn pem(certificate: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}

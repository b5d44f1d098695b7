//! Proxies in front of a server: one that breaks connections off, one that speaks TLS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Stands between client and server, and hangs up on the client when told to.
pub struct Proxy {
    pub endpoint: String,
    cuts: Arc<AtomicUsize>,
    lets_through: Arc<AtomicUsize>,
}

impl Proxy {
    pub async fn start(server: &str) -> Self {
        let server = server.trim_start_matches("http://").to_string();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let (cuts, lets_through) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let proxy = Self { endpoint, cuts: Arc::clone(&cuts), lets_through: Arc::clone(&lets_through) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.expect("the server");
                tokio::spawn(pass_on(client, server, Arc::clone(&cuts), Arc::clone(&lets_through)));
            }
        });
        proxy
    }

    /// Hangs up on the next `cuts` connections that carry more than `lets_through` bytes.
    pub fn cut(&self, cuts: usize, lets_through: usize) {
        self.lets_through.store(lets_through, Ordering::SeqCst);
        self.cuts.store(cuts, Ordering::SeqCst);
    }
}

async fn pass_on(client: TcpStream, server: TcpStream, cuts: Arc<AtomicUsize>, lets_through: Arc<AtomicUsize>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
    let (mut block, mut passed) = (vec![0; 16_384], 0);
    while let Ok(n @ 1..) = from_server.read(&mut block).await {
        passed += n;
        let cuts_left = cuts.load(Ordering::SeqCst);
        let too_much = passed.saturating_sub(lets_through.load(Ordering::SeqCst));
        let is_cut = cuts_left > 0 && too_much > 0;
        let sent = if is_cut { n.saturating_sub(too_much) } else { n };
        if to_client.write_all(&block[..sent]).await.is_err() {
            return;
        }
        if is_cut {
            cuts.store(cuts_left - 1, Ordering::SeqCst);
            return;
        }
    }
}

/// A file of the certificates for tests.
pub fn certificate(file: &str) -> String {
    format!("{}/tests/data/tls/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// Speaks TLS before the server, with a certificate of an authority that no machine trusts; its address.
pub async fn with_tls(server: &str) -> String {
    let chain = CertificateDer::pem_file_iter(certificate("server.pem")).expect("a file");
    let chain = chain.collect::<Result<Vec<_>, _>>().expect("certificates");
    let key = PrivateKeyDer::from_pem_file(certificate("server.key")).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("https://{}", listener.local_addr().expect("an address"));
    let server = server.trim_start_matches("http://").to_string();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                // A client that does not trust the certificate hangs up.
                let Ok(mut client) = acceptor.accept(client).await else { return };
                let mut server = TcpStream::connect(server).await.expect("the server");
                tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
            });
        }
    });
    endpoint
}

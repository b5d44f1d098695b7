//! A real S3 server inside the test process, over a temporary folder.
#![allow(dead_code, reason = "every test binary compiles its own copy and uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use aws_sdk_s3::config::{BehaviorVersion, Builder, Credentials, Region};
use hyper_util::rt::{TokioExecutor, TokioIo};
use model_monitor::store::{Patience, S3Client};
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Result, s3_error};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

pub const ACCESS_KEY: &str = "test-access-key";
pub const SECRET_KEY: &str = "test-secret-key";
pub const REGION: &str = "eu-central-1";
/// Requests for this bucket are answered with AccessDenied.
pub const FORBIDDEN: &str = "forbidden";

/// The server; it stops, and its folder goes, when this is dropped. Buckets are folders below
/// [`Server::folder`] and objects are files in them, so both can be made and looked at directly.
pub struct Server {
    pub endpoint: String,
    folder: tempfile::TempDir,
    runtime: Option<Runtime>,
}

impl Server {
    /// Starts a server on a free port of this machine, with these buckets.
    pub fn start(buckets: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for bucket in buckets {
            fs::create_dir(folder.path().join(bucket)).expect("a bucket");
        }
        let files = s3s_fs::FileSystem::new(folder.path()).expect("a file system");
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        service.set_access(AllButForbidden);
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("threads");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a listener that does not block");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        runtime.spawn(serve(listener, service.build()));
        Self { endpoint, folder, runtime: Some(runtime) }
    }

    /// The folder whose folders are the buckets.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file that is the object `key`.
    pub fn file(&self, bucket: &str, key: &str) -> PathBuf {
        self.folder().join(bucket).join(key)
    }

    /// Makes an object without a request.
    pub fn place(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let file = self.file(bucket, key);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, bytes).expect("an object");
    }

    /// What a program needs in its environment to use this server.
    pub fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_string()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_string()),
            ("AWS_REGION", REGION.to_string()),
        ]
    }

    /// A client of this server.
    pub fn client(&self) -> S3Client {
        client_of(&self.endpoint, SECRET_KEY)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A client that sends its requests to `endpoint`, each once.
pub fn client_of(endpoint: &str, secret_key: &str) -> S3Client {
    impatient_client(endpoint, secret_key, Patience::default())
}

/// As [`client_of`], with other time limits than in earnest.
pub fn impatient_client(endpoint: &str, secret_key: &str, patience: Patience) -> S3Client {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .force_path_style(true)
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .credentials_provider(Credentials::new(ACCESS_KEY, secret_key, None, None, "tests"));
    S3Client::new(config, endpoint, patience)
}

async fn serve(listener: std::net::TcpListener, service: S3Service) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    let http = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
    while let Ok((socket, _)) = listener.accept().await {
        let connection = http.serve_connection(TokioIo::new(socket), service.clone()).into_owned();
        tokio::spawn(async move {
            // A client that hangs up is its own affair.
            let _ = connection.await;
        });
    }
}

struct AllButForbidden;

#[async_trait::async_trait]
impl S3Access for AllButForbidden {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        match context.s3_path().get_bucket_name() {
            Some(FORBIDDEN) => Err(s3_error!(AccessDenied, "Access Denied")),
            _ => Ok(()),
        }
    }
}

//! Results on S3 behind faults: the objects are those of one run, or the message says that they are not.

#[path = "support/faulty_proxy.rs"]
mod faulty_proxy;
#[path = "support/job.rs"]
mod job;
#[path = "support/s3_server.rs"]
mod s3_server;

use std::collections::BTreeMap;

use faulty_proxy::{Fault, FaultyProxy, Plan};
use job::{Done, Mounts};
use s3_server::Server;

const BUCKET: &str = "results";
const FORMAT: (&str, &str) = ("dataset_format", r#"{"csv":{"header":true}}"#);
/// Requests in a row that are spoilt: one, all attempts at one, and all that follow.
const LENGTHS: [usize; 3] = [1, 4, usize::MAX];

type Objects = BTreeMap<String, Vec<u8>>;

/// The results of an earlier run on a server, and a job that replaces them.
struct Case {
    server: Server,
    mounts: Mounts,
    earlier: Objects,
    new: Objects,
}

impl Case {
    fn new() -> Self {
        let results = |data: &str| {
            let mounts = Mounts::new();
            mounts.place("a.csv", data);
            let files = mounts.run(&[], &[FORMAT]).succeeded().files.clone();
            (mounts, files)
        };
        let (_, earlier) = results("a,b\n1,x\n2,y\n");
        let (mounts, new) = results("a,b\nten,x\neleven,z\ntwelve,z\n");
        Self { server: Server::start(&[BUCKET]), mounts, earlier, new }
    }

    fn restore(&self) {
        let _ = std::fs::remove_dir_all(self.server.file(BUCKET, "out"));
        self.earlier.iter().for_each(|(name, bytes)| self.server.place(BUCKET, &format!("out/{name}"), bytes));
    }

    fn run(&self, proxy: &FaultyProxy) -> Done {
        let environment = self.server.environment().map(|(name, value)| match name {
            "AWS_ENDPOINT_URL" => (name, proxy.endpoint.clone()),
            _ => (name, value),
        });
        let mut variables = vec![FORMAT, ("output_path", "s3://results/out"), ("AWS_CONFIG_FILE", "/dev/null")];
        variables.extend([("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"), ("AWS_EC2_METADATA_DISABLED", "true")]);
        variables.extend(environment.iter().map(|(name, value)| (*name, value.as_str())));
        self.mounts.run(&[], &variables)
    }

    fn proxy(&self, plan: Option<Plan>) -> FaultyProxy {
        FaultyProxy::start(&self.server.endpoint, self.server.folder().to_path_buf(), plan)
    }

    /// The objects, but for the report, which names the place that it was written to.
    fn objects(&self) -> Objects {
        let mut objects = job::files(&self.server.file(BUCKET, "out"));
        objects.retain(|name, _| !name.ends_with("report.json"));
        objects
    }
}

#[test]
fn results_on_s3_are_one_set_or_the_message_says_that_they_are_mixed() {
    let case = Case::new();
    let without_report = |objects: &Objects| {
        let mut objects = objects.clone();
        objects.retain(|name, _| !name.ends_with("report.json"));
        objects
    };
    let (earlier, new) = (without_report(&case.earlier), without_report(&case.new));
    case.restore();
    let calm = case.proxy(None);
    case.run(&calm).succeeded();
    assert!(case.objects() == new && earlier != new);
    let (mut n_restored, mut n_mixed) = (0, 0);
    for fault in [Fault::Reset, Fault::Expired, Fault::Busy] {
        for first in 0..calm.n_requests() {
            for n_requests in LENGTHS {
                case.restore();
                let done = case.run(&case.proxy(Some(Plan { n_requests, ..Plan::once(fault, first) })));
                let context = format!("{fault:?} at {n_requests} from {first}: {:?}", done.message);
                let objects = case.objects();
                if done.exit == Some(0) {
                    assert!(objects == new, "{context}");
                    continue;
                }
                assert!(done.code().is_some_and(|code| code.starts_with("MM-OUTPUT-")), "{context}");
                let is_told = done.stderr.contains("of two runs are mixed");
                assert!(objects == earlier || is_told, "{context}: {:?}", objects.keys());
                n_restored += usize::from(objects == earlier);
                n_mixed += usize::from(is_told);
            }
        }
    }
    println!("tried: results on S3, {n_restored} times failed and as before, {n_mixed} times told to be mixed");
    assert!(n_restored > 0 && n_mixed > 0, "{n_restored} restored, {n_mixed} mixed");
}

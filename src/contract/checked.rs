//! Validation of a job: raw values become the checked [`Contract`], or the error that names the variable at fault.

use std::path::PathBuf;

use super::analysis::{self, Analysis};
use super::columns;
use super::raw::{Job, RawEnv, Source};
use super::settings::Settings;
use super::values::{invalid, missing};
use super::variables::{Support, VARIABLES};
use crate::decode::{CaptureSides, Filter, Format, Window, csv, time};
use crate::error::{self, Error, Result};
use crate::measure::drift;
use crate::names::{self, capture, file, path, variable};
use crate::store::{self, Location};
use crate::wire::dataset_format::{self, DatasetFormat, Described};

const MILLIS_PER_HOUR: i64 = 3_600_000;
/// Most unknown keys that a log line names.
const MAX_KEYS: usize = 10;

/// A job.
#[derive(Clone, Debug)]
pub struct Contract {
    pub analysis: Analysis,
    pub format: Format,
    /// Whether a table's last columns are the model's outputs; `None` where the job does not say.
    pub outputs_are_last: Option<bool>,
    /// The byte between cells of tables of text.
    pub delimiter: u8,
    pub source: Location,
    pub output: Location,
    pub baseline_constraints: Option<Location>,
    pub baseline_statistics: Option<Location>,
    /// What a model-quality baseline remembers, and whether the job names it: then it must be there.
    pub baseline_profile: Option<(Location, bool)>,
    /// Where the results of the windows before this one are, or a folder above them.
    pub previous_output: Option<Location>,
    pub window: Window,
    /// Time stamp of the metrics in milliseconds since 1970 (UTC).
    pub metric_time: i64,
    /// When the job began, in milliseconds since 1970 (UTC).
    pub now: i64,
    pub publish_metrics: bool,
    pub endpoint: Option<String>,
    pub schedule: Option<String>,
    pub capture_prefix: Option<String>,
    pub job_name: Option<String>,
    pub categorical_drift_method: Option<&'static str>,
    /// Root of SageMaker's mounts.
    pub opt_ml: PathBuf,
    pub host: HostRole,
    pub settings: Settings,
}

/// What this host does in a job of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostRole {
    /// It does the work: the only host, or the first of several that all see the whole input.
    Leader,
    /// It leaves the work to the host of this name.
    Follower { leader: String },
}

impl Contract {
    /// Checks a raw job. `now` is the time in milliseconds since 1970 (UTC).
    pub fn check(raw: RawEnv, settings: Settings, now: i64) -> Result<Self> {
        let merges = raw.merges;
        let job = Job::of(raw)?;
        refuse_unsupported(&job)?;
        let host = host_role(&job)?;
        let described = described_format(&job)?;
        let outputs_are_last = described.as_ref().and_then(|described| described.outputs_are_last);
        let (format, delimiter) = format(&job, described.as_ref());
        refuse_filters_of_tables(&settings, &format)?;
        let analysis = analysis::of(&job, &settings, merges, &format)?;
        refuse_segments(&job, &settings, &analysis)?;
        let window = window(&job, &settings, now)?;
        let metric_time = instant(&job, variable::METRIC_TIME)?;
        let schedule = job.value(variable::MONITORING_SCHEDULE_NAME).map(str::to_owned);
        let baseline_constraints = location(&job, variable::BASELINE_CONSTRAINTS)?;
        let (source, output) = source_and_output(&job, &settings, &analysis)?;
        Ok(Self {
            format: match analysis {
                Analysis::ModelQuality(_) => without_inputs(described.as_ref(), format),
                _ => format,
            },
            outputs_are_last,
            delimiter,
            source,
            output,
            previous_output: previous_output(&settings)?,
            baseline_profile: baseline_profile(&settings, baseline_constraints.as_ref())?,
            baseline_constraints,
            baseline_statistics: location(&job, variable::BASELINE_STATISTICS)?,
            metric_time: metric_time.or(window.start).or(window.end).unwrap_or(now),
            window,
            now,
            publish_metrics: !matches!(analysis, Analysis::Merge(_))
                && switch(&job, variable::PUBLISH_CLOUDWATCH_METRICS)?.unwrap_or(schedule.is_some()),
            analysis,
            endpoint: job.value(variable::ENDPOINT_NAME).map(str::to_owned),
            schedule,
            capture_prefix: job.value(variable::ENDPOINT_DATACAPTURE_PREFIX).map(str::to_owned),
            job_name: job.config.name.clone(),
            categorical_drift_method: drift_method(&job)?,
            opt_ml: settings.opt_ml.clone(),
            host,
            settings,
        })
    }

    /// The same job, which suggests a baseline whatever baseline was set.
    pub fn without_baseline(self) -> Self {
        Self { baseline_constraints: None, baseline_statistics: None, baseline_profile: None, ..self }
    }

    /// Whether there is a baseline to hold the data against; a merge holds nothing against one.
    pub fn monitors(&self) -> bool {
        let has_baseline = self.baseline_constraints.is_some() || self.baseline_statistics.is_some();
        has_baseline && !matches!(self.analysis, Analysis::Merge(_))
    }
}

fn refuse_unsupported(job: &Job) -> Result<()> {
    for known in VARIABLES {
        if let Support::Refused(cause) = known.support
            && job.value(known.name).is_some()
        {
            return Err(Error::new(&error::VARIABLE_UNSUPPORTED, known.name, cause));
        }
    }
    Ok(())
}

/// Rows of tables have no metadata and no variant: a filter would leave out all of them, or none.
fn refuse_filters_of_tables(settings: &Settings, format: &Format) -> Result<()> {
    let filter = &settings.filter;
    let flag = if filter.condition.is_some() { "where" } else { "variant" };
    if matches!(format, Format::Capture(_)) || *filter == Filter::default() {
        return Ok(());
    }
    let cause = "it looks at the eventMetadata and folders of captures, and the dataset is a table";
    Err(invalid(flag, cause))
}

/// Segments are measured of data quality alone. In an environment, which other monitors may share, the setting is no
/// reason to refuse.
fn refuse_segments(job: &Job, settings: &Settings, analysis: &Analysis) -> Result<()> {
    let flag = "segment";
    if settings.segment.is_none() || matches!(analysis, Analysis::DataQuality) {
        return Ok(());
    }
    let cause = "segments are measured of data quality alone";
    if job.settings_by_flag.contains(&flag) {
        return Err(invalid(flag, cause));
    }
    tracing::warn!(setting = flag, "the setting is left aside: {cause}");
    Ok(())
}

fn host_role(job: &Job) -> Result<HostRole> {
    let input_name =
        |input: &crate::wire::job_config::Input| input.name.clone().unwrap_or_else(|| "an input".to_owned());
    if let Some(piped) = job.config.inputs.iter().find(|input| input.mode.as_deref() == Some("Pipe")) {
        return Err(Error::new(&error::INPUT_MODE_UNSUPPORTED, input_name(piped), "its S3InputMode is Pipe"));
    }
    let mut hosts = job.resources.hosts.clone();
    hosts.sort();
    if hosts.len() < 2 {
        return Ok(HostRole::Leader);
    }
    let sharded = |input: &&crate::wire::job_config::Input| input.distribution.as_deref() == Some("ShardedByS3Key");
    if let Some(sharded) = job.config.inputs.iter().find(sharded) {
        let cause = format!("it is ShardedByS3Key over {} hosts", hosts.len());
        return Err(Error::new(&error::INPUT_MODE_UNSUPPORTED, input_name(sharded), cause));
    }
    let leader = hosts.swap_remove(0);
    match &job.resources.current_host {
        Some(host) if *host != leader => Ok(HostRole::Follower { leader }),
        _ => Ok(HostRole::Leader),
    }
}

/// How the data is written, and what stands between the cells of its tables. The service's merge job does not
/// say: it reads captures.
fn format(job: &Job, described: Option<&Described>) -> (Format, u8) {
    let Some(Described { format, .. }) = described else {
        return (configured_format(job).unwrap_or(Format::Capture(CaptureSides::default())), csv::COMMA);
    };
    let delimiter = if let DatasetFormat::Csv { delimiter, .. } = format { *delimiter } else { None };
    let format = match format {
        DatasetFormat::Capture { sides } | DatasetFormat::Merge { sides } => {
            Format::Capture(chosen_sides(sides.as_deref()))
        }
        DatasetFormat::Csv { header, .. } => Format::Csv { header: *header },
        DatasetFormat::Json { lines } => Format::Json { lines: *lines },
        DatasetFormat::Parquet => Format::Parquet,
    };
    (format, delimiter.unwrap_or(csv::COMMA))
}

/// The format that an analysis configuration names.
fn configured_format(job: &Job) -> Option<Format> {
    columns::format(&job.analysis_config.as_ref()?.config)
}

/// The format that the job names; `None` in a merge job that names none.
fn described_format(job: &Job) -> Result<Option<Described>> {
    match job.value(variable::DATASET_FORMAT) {
        Some(text) => {
            let described = dataset_format::parse(text).map_err(|cause| invalid(variable::DATASET_FORMAT, cause))?;
            if !described.unknown_keys.is_empty() {
                let keys = described.unknown_keys.iter().take(MAX_KEYS).map(|key| key.escape_debug().to_string());
                let keys = keys.collect::<Vec<_>>().join(", ");
                tracing::warn!(variable = variable::DATASET_FORMAT, %keys, "keys that mean nothing are not looked at");
            }
            Ok(Some(described))
        }
        None if job.analysis_config.is_some() => Ok(None),
        None if job.value(variable::GROUND_TRUTH_SOURCE).is_some() && job.value(variable::PROBLEM_TYPE).is_none() => {
            Ok(None)
        }
        None => Err(missing(variable::DATASET_FORMAT, "it says how the data is written")),
    }
}

/// The format without the inputs of captures, unless the job lists the sides: then positions count both.
fn without_inputs(described: Option<&Described>, format: Format) -> Format {
    let lists_sides = match described.map(|described| &described.format) {
        Some(DatasetFormat::Capture { sides } | DatasetFormat::Merge { sides }) => {
            sides.as_ref().is_some_and(|sides| !sides.is_empty())
        }
        _ => true,
    };
    match format {
        Format::Capture(sides) if !lists_sides => Format::Capture(CaptureSides { inputs: Vec::new(), ..sides }),
        format => format,
    }
}

/// Where the profile of a model-quality baseline is: where the job says, else beside its constraints.
fn baseline_profile(settings: &Settings, constraints: Option<&Location>) -> Result<Option<(Location, bool)>> {
    if let Some(text) = &settings.baseline_profile {
        let location = text.parse().map_err(|cause| invalid("baseline-profile", cause))?;
        return Ok(Some((location, true)));
    }
    Ok(constraints.map(|constraints| (constraints.sibling(file::QUALITY_BASELINE), false)))
}

/// Where the windows before this one left their results.
fn previous_output(settings: &Settings) -> Result<Option<Location>> {
    match &settings.previous_output {
        Some(text) => text.parse().map(Some).map_err(|cause| invalid("previous-output", cause)),
        None => Ok(None),
    }
}

/// The sides that `captureIndexNames` lists; all of them when it lists none.
fn chosen_sides(listed: Option<&[String]>) -> CaptureSides {
    let mut sides = CaptureSides::default();
    if let Some(listed) = listed.filter(|listed| !listed.is_empty()) {
        let is_listed = |name: &&'static str| listed.iter().any(|listed| listed == name);
        sides.outputs.retain(is_listed);
        sides.inputs.retain(is_listed);
        // A batch transform's records hold both sides in one, under its own name.
        if !sides.outputs.is_empty() && !sides.outputs.contains(&capture::BATCH_TRANSFORM_OUTPUT) {
            sides.outputs.push(capture::BATCH_TRANSFORM_OUTPUT);
        }
    }
    sides
}

/// The window. Offsets move its bounds; where a bound is not set they count from the other one, or
/// from the start of the current hour, which is when a schedule would have begun.
fn window(job: &Job, settings: &Settings, now: i64) -> Result<Window> {
    let (start, end) = (instant(job, variable::START_TIME)?, instant(job, variable::END_TIME)?);
    let hour = now - now.rem_euclid(MILLIS_PER_HOUR);
    let moved = |bound: Option<i64>, other: Option<i64>, offset: Option<i64>| match offset {
        None => bound,
        Some(offset) => Some(bound.or(other).unwrap_or(hour).saturating_add(offset)),
    };
    let window = Window {
        start: moved(start, end, settings.start_time_offset),
        end: moved(end, start, settings.end_time_offset),
    };
    match window {
        Window { start: Some(start), end: Some(end) } if start >= end => {
            Err(invalid(variable::END_TIME, "it is not after start_time"))
        }
        _ => Ok(window),
    }
}

fn instant(job: &Job, name: &str) -> Result<Option<i64>> {
    let Some(text) = job.value(name) else { return Ok(None) };
    let instant = time::parse(text).or_else(|| time::parse_day(text));
    instant.map(Some).ok_or_else(|| invalid(name, "it is not a time such as 2019-12-01T15:20:00Z"))
}

/// Where the dataset is, and where the results go.
fn source_and_output(job: &Job, settings: &Settings, analysis: &Analysis) -> Result<(Location, Location)> {
    let mounted = |path: &str| Location::Local(settings.opt_ml.join(path));
    let is_configured = matches!(analysis, Analysis::Bias(_) | Analysis::Attribution(_));
    let default_source = if is_configured { path::ANALYSIS_DATA } else { path::INPUT };
    let source = source(job, is_configured)?.unwrap_or_else(|| mounted(default_source));
    let output = location(job, variable::OUTPUT_PATH)?.unwrap_or_else(|| mounted(path::OUTPUT));
    Ok((source, output))
}

/// Where the dataset is. What an analysis configuration names comes before what the job mounts
/// (DG:clarify-processing-job-configure-analysis: dataset_uri), and the command line before both.
fn source(job: &Job, is_configured: bool) -> Result<Option<Location>> {
    let is_flag = matches!(job.get(variable::DATASET_SOURCE), Some((_, Source::Flag)));
    let file = job.analysis_config.as_ref().filter(|_| is_configured && !is_flag);
    match file.and_then(|file| Some((file, file.config.dataset_uri.as_deref()?))) {
        Some((file, uri)) => uri.parse().map(Some).map_err(|cause: store::LocationError| {
            Error::new(&error::ANALYSIS_CONFIG_INVALID, file.place.clone(), format!("dataset_uri: {cause}"))
        }),
        None => location(job, variable::DATASET_SOURCE),
    }
}

fn location(job: &Job, name: &str) -> Result<Option<Location>> {
    job.value(name).map(|text| text.parse().map_err(|cause| invalid(name, cause))).transpose()
}

fn switch(job: &Job, name: &str) -> Result<Option<bool>> {
    match job.value(name) {
        None => Ok(None),
        Some(value) if value.eq_ignore_ascii_case(names::ENABLED) => Ok(Some(true)),
        Some(value) if value.eq_ignore_ascii_case(names::DISABLED) => Ok(Some(false)),
        Some(_) => Err(invalid(name, "it is neither Enabled nor Disabled")),
    }
}

fn drift_method(job: &Job) -> Result<Option<&'static str>> {
    let Some(value) = job.value(variable::CATEGORICAL_DRIFT_METHOD) else { return Ok(None) };
    let methods = drift::categorical_drift_methods();
    match methods.iter().find(|method| **method == value) {
        Some(method) => Ok(Some(method)),
        None => {
            let cause = format!("it is neither {}", methods.join(" nor "));
            Err(invalid(variable::CATEGORICAL_DRIFT_METHOD, cause))
        }
    }
}

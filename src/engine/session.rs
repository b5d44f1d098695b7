//! Session: the threads, the memory pool, the temporary files and the progress of a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion_execution::TaskContext;
use datafusion_execution::config::SessionConfig;
use datafusion_execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion_execution::memory_pool::{GreedyMemoryPool, MemoryConsumer, MemoryReservation};
use datafusion_execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{self, Error, Result};
use crate::store::Scratch;

/// How far a job has come. Counts only grow.
#[derive(Debug, Default)]
pub struct Progress {
    expected_bytes: AtomicU64,
    bytes: AtomicU64,
    objects: AtomicU64,
}

impl Progress {
    /// Bytes read so far, as they lie in the store.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Bytes of everything that was listed so far, to be read or not.
    pub fn expected_bytes(&self) -> u64 {
        self.expected_bytes.load(Ordering::Relaxed)
    }

    /// Objects dealt with so far.
    pub fn objects(&self) -> u64 {
        self.objects.load(Ordering::Relaxed)
    }

    pub(super) fn expect_bytes(&self, n: u64) {
        self.expected_bytes.fetch_add(n, Ordering::Relaxed);
    }

    pub(super) fn add_bytes(&self, n: usize) {
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
    }

    pub(super) fn add_object(&self) {
        self.objects.fetch_add(1, Ordering::Relaxed);
    }
}

/// What the readers of objects share.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) progress: Arc<Progress>,
    /// Bytes that a columnar file may have in memory at once.
    pub(super) memory: usize,
    permits: Arc<Semaphore>,
}

impl Reading {
    fn of(memory: usize) -> Self {
        let memory = memory.max(MIN_READING);
        let permits = Arc::new(Semaphore::new(Self::n_permits(memory / COUNTED_PART) as usize));
        Self { progress: Arc::default(), memory, permits }
    }

    fn n_permits(n_bytes: usize) -> u32 {
        u32::try_from(n_bytes / PERMIT_BYTES).unwrap_or(u32::MAX).clamp(1, MAX_PERMITS)
    }

    /// Waits until a file may take `n_bytes`, until all others are done if that is more than there is for all.
    pub(super) async fn wait_for_memory(&self, n_bytes: u64) -> Option<OwnedSemaphorePermit> {
        let n_bytes = usize::try_from(n_bytes).unwrap_or(usize::MAX).min(self.memory / COUNTED_PART);
        self.permits.clone().acquire_many_owned(Self::n_permits(n_bytes)).await.ok()
    }
}

/// One part in so many of the memory limit is for what is counted: summaries and batches. The rest
/// is for the program itself, the record in decoding, and what allocators leave unused.
const COUNTED_PART: usize = 2;
/// One part in so many of what is counted is for sorting; more would rarely help, since what is sorted
/// goes to disk in any case.
const SORTING_PART: usize = 2;
/// Memory for sorting, at least: less would not hold what is read back from disk.
const MIN_SORTING: usize = 8 << 20;
/// And at most: a sort counts every row twice, for itself and for its sorted copy, and the rows that it copies at
/// once stand in arrays whose 32-bit offsets end at 2 GiB.
const MAX_SORTING: usize = 4 << 30;

/// As in `--memory-limit`.
const MEGABYTE: usize = 1 << 20;

/// Memory for reading a columnar file, at least: pages are a megabyte as most programs write them.
const MIN_READING: usize = 8 << 20;
/// Memory for reading is given out in such pieces, in bytes.
const PERMIT_BYTES: usize = 64 << 10;
/// And in so many at most.
const MAX_PERMITS: u32 = 1 << 20;

/// Threads, memory and temporary files of a process.
pub struct Session {
    n_threads: usize,
    memory_limit: usize,
    context: Arc<TaskContext>,
    pool: Arc<rayon::ThreadPool>,
    reading: Reading,
    /// What went to disk goes with the session.
    _scratch: Option<Scratch>,
}

impl Session {
    /// With `n_threads` threads for folding and `memory_limit` bytes for the whole process.
    pub fn new(n_threads: usize, memory_limit: usize) -> Result<Self> {
        let internal = |cause: String| Error::new(&error::INTERNAL, "engine", cause);
        // Where there can be none, only jobs that need temporary files fail.
        let scratch = Scratch::create().ok();
        let folder = scratch.as_ref().map(|scratch| scratch.path().to_path_buf());
        let mode = folder.map_or(DiskManagerMode::OsTmpDirectory, |folder| DiskManagerMode::Directories(vec![folder]));
        let disk = DiskManagerBuilder::default().with_mode(mode).with_max_temp_directory_size(u64::MAX);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(GreedyMemoryPool::new(memory_limit / COUNTED_PART)))
            .with_disk_manager_builder(disk)
            .build_arc()
            .map_err(|cause| internal(cause.to_string()))?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .thread_name(|i| format!("fold-{i}"))
            .build()
            .map_err(|cause| internal(cause.to_string()))?;
        Ok(Self {
            n_threads,
            memory_limit: memory_limit / COUNTED_PART,
            context: Arc::new(TaskContext::default().with_runtime(runtime)),
            pool: Arc::new(pool),
            reading: Reading::of(memory_limit),
            _scratch: scratch,
        })
    }

    pub fn progress(&self) -> Arc<Progress> {
        self.reading.progress.clone()
    }

    pub(super) fn reading(&self) -> Reading {
        self.reading.clone()
    }

    pub(super) fn n_threads(&self) -> usize {
        self.n_threads
    }

    pub(super) fn context(&self) -> Arc<TaskContext> {
        self.context.clone()
    }

    pub(super) fn pool(&self) -> Arc<rayon::ThreadPool> {
        self.pool.clone()
    }

    /// Bytes that all sorts of a job may use together.
    pub(super) fn memory_for_sorting(&self) -> usize {
        (self.memory_limit / SORTING_PART).clamp(MIN_SORTING, MAX_SORTING)
    }

    /// Where a sort runs: in `n_bytes` of its own, so that sorts side by side do not take from one
    /// another what they need to get on. What does not fit goes to the session's folder on disk, which
    /// goes with the session. Batches that it gives have `batch_rows` rows.
    pub(super) fn sort_context(&self, n_bytes: usize, batch_rows: usize) -> Arc<TaskContext> {
        let mut runtime = RuntimeEnv::clone(&self.context.runtime_env());
        runtime.memory_pool = Arc::new(GreedyMemoryPool::new(n_bytes));
        let config = SessionConfig::new()
            .with_batch_size(batch_rows)
            .with_sort_spill_reservation_bytes(n_bytes / 16)
            // Many small batches are sorted faster as one.
            .with_sort_in_place_threshold_bytes(usize::MAX);
        Arc::new(TaskContext::default().with_session_config(config).with_runtime(Arc::new(runtime)))
    }

    /// Sets the space on disk that sorts may use.
    #[cfg(test)]
    pub(super) fn limit_disk(&self, n_bytes: u64) {
        let _ = self.context.runtime_env().disk_manager.set_max_temp_directory_size(n_bytes);
    }

    /// The folders on disk that sorts have used: they changed after they were made in theirs.
    #[cfg(test)]
    pub(super) fn spill_folders(&self) -> Vec<std::path::PathBuf> {
        let changed = |folder: &std::path::Path| folder.metadata().and_then(|metadata| metadata.modified()).ok();
        let is_used = |folder: &std::path::PathBuf| changed(folder) > folder.parent().and_then(changed);
        self.context.runtime_env().disk_manager.temp_dir_paths().into_iter().filter(is_used).collect()
    }

    /// A reservation of memory in the session's pool.
    pub fn reserve(&self, name: &str) -> Reservation {
        let memory = MemoryConsumer::new(name).register(self.context.memory_pool());
        Reservation { memory, limit: self.memory_limit }
    }
}

/// Memory that one consumer holds.
pub struct Reservation {
    memory: MemoryReservation,
    limit: usize,
}

impl Reservation {
    /// Sets the memory held to `bytes`; fails when all consumers together exceed the limit.
    pub fn hold(&self, bytes: usize) -> Result<()> {
        self.memory.try_resize(bytes).map_err(|_| {
            let (needed, allowed, limit) =
                [bytes, self.limit, COUNTED_PART * self.limit].map(|n| n.div_ceil(MEGABYTE)).into();
            let cause = format!(
                "this part alone needs {needed} MB, and all parts together may use {allowed} MB, which is half of \
                 --memory-limit {limit}MB"
            );
            Error::new(&error::MEMORY_LIMIT, self.memory.consumer().name(), cause)
        })
    }
}

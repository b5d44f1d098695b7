//! Number of cores and size of memory, of the machine or of the container (cgroup).

use std::fs;

/// Memory that is assumed where nothing tells: 1 GiB.
const UNKNOWN_MEMORY: usize = 1 << 30;
/// Limits of the control group that the process is in (Linux, cgroup v2 and v1).
const CONTROL_GROUP_LIMITS: [&str; 2] = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
const MEMORY_INFORMATION: &str = "/proc/meminfo";

/// Cores that the process may use.
pub fn n_cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Bytes of memory of the machine, or of the container where that is less.
pub fn memory() -> usize {
    let limits = CONTROL_GROUP_LIMITS.iter().filter_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok());
    limits.chain(physical_memory()).min().unwrap_or(UNKNOWN_MEMORY)
}

fn physical_memory() -> Option<usize> {
    let text = fs::read_to_string(MEMORY_INFORMATION).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: usize = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1 << 10)
}

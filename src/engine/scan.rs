//! The leaf of every plan: a dataset's objects, one partition each.

use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use datafusion_common::Result;
use datafusion_common::tree_node::TreeNodeRecursion;
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion_physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion_physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion_physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions};

use super::dataset::Dataset;
use super::object_reader::{self, BatchSender};
use super::session::Progress;
use crate::decode;

/// Batches that are decoded ahead of whoever takes them.
const BATCHES_AHEAD: usize = 2;

/// Scans a dataset. Its schema promises the leading columns of the layout; cells follow them, as
/// many as a batch has.
#[derive(Debug)]
pub struct ScanExec {
    dataset: Arc<Dataset>,
    progress: Arc<Progress>,
    properties: Arc<PlanProperties>,
}

impl ScanExec {
    pub fn new(dataset: Arc<Dataset>, progress: Arc<Progress>) -> Self {
        let schema: SchemaRef = Arc::new(Schema::new(decode::meta_fields()));
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(dataset.splits.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { dataset, progress, properties: Arc::new(properties) }
    }
}

impl DisplayAs for ScanExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScanExec: {} objects of {}", self.dataset.splits.len(), self.dataset.store.location())
    }
}

impl ExecutionPlan for ScanExec {
    fn name(&self) -> &'static str {
        "ScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let mut builder = RecordBatchReceiverStreamBuilder::new(self.schema(), BATCHES_AHEAD);
        let sender = BatchSender(builder.tx());
        let (dataset, progress) = (self.dataset.clone(), self.progress.clone());
        builder.spawn(async move {
            read::split(dataset, partition, sender, progress).await;
            Ok(())
        });
        Ok(builder.build())
    }
}

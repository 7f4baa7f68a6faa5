import { RDSClient } from "@aws-sdk/client-rds";
import { expect, test } from "vitest";
import { rdsStates } from "../../../lib/adapters/aws/rds-states.ts";
import { fakeAws } from "../../support/aws/fake-aws.ts";

test("Every endpoint is known by its host, of instances and of clusters", async () => {
  await using aws = await fakeAws();
  aws.queries.results.set(
    "DescribeDBClusters",
    `<DBClusters><DBCluster><DBClusterIdentifier>shop</DBClusterIdentifier><Status>failing-over</Status>
     <DbClusterResourceId>cluster-ABC</DbClusterResourceId><Endpoint>Shop.cluster-x.rds.amazonaws.com</Endpoint>
     <ReaderEndpoint>shop.cluster-ro-x.rds.amazonaws.com</ReaderEndpoint></DBCluster></DBClusters>`,
  );
  aws.queries.results.set(
    "DescribeDBInstances",
    `<DBInstances><DBInstance><DBInstanceIdentifier>stg</DBInstanceIdentifier><DBInstanceStatus>stopped</DBInstanceStatus>
     <DbiResourceId>db-DEF</DbiResourceId><Endpoint><Address>stg.x.rds.amazonaws.com</Address><Port>5432</Port></Endpoint></DBInstance>
     <DBInstance><DBInstanceIdentifier>new</DBInstanceIdentifier><DBInstanceStatus>creating</DBInstanceStatus></DBInstance></DBInstances>`,
  );
  const states = await rdsStates(new RDSClient(aws.client));
  expect([...states]).toEqual([
    [
      "shop.cluster-x.rds.amazonaws.com",
      { status: "failing-over", name: "shop", cluster: "shop", resourceId: "cluster-ABC" },
    ],
    [
      "shop.cluster-ro-x.rds.amazonaws.com",
      { status: "failing-over", name: "shop", cluster: "shop", resourceId: "cluster-ABC" },
    ],
    ["stg.x.rds.amazonaws.com", { status: "stopped", name: "stg", resourceId: "db-DEF" }],
  ]);
});

test("Where RDS may not be asked, that is an error and not an empty answer", async () => {
  await using aws = await fakeAws();
  aws.faults.plan("denied");
  await expect(rdsStates(new RDSClient({ ...aws.client, maxAttempts: 1 }))).rejects.toMatchObject({
    name: "AccessDenied",
  });
});

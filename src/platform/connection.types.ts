import { type ClassType, Field, Int, ObjectType } from "type-graphql";
import { PageInfo } from "./types";

/** The Relay types of a list, <name>Edge and <name>Connection. `node` is asked for late, because types refer to each other. */
export function connectionTypes<NodeType extends object>(name: string, node: () => ClassType<NodeType>) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string;
    @Field(() => node())
    node!: NodeType;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class Connection {
    @Field(() => [Edge])
    edges!: Edge[];
    @Field(() => [node()])
    nodes!: NodeType[];
    @Field(() => PageInfo)
    pageInfo!: PageInfo;
    @Field(() => Int)
    totalCount!: number | (() => Promise<number>);
  }

  return Connection;
}

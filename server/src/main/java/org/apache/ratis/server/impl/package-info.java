/**
 * What Ratis 3.3.0 keeps to its own package and offers no public way to. Nothing else of ours belongs here; a new Ratis
 * version that changes it fails to compile. Not null-marked, as Ratis' own classes in it are not.
 */
package org.apache.ratis.server.impl;

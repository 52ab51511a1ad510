/** What a run is judged to be. Pure, and nothing of ours is imported. */
package dev.cryofuzz.finding;
